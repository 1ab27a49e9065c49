SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
CREATE SCHEMA loopai_nb;
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE loopai_nb.accounts (
    day text NOT NULL,
    spent_pusd bigint NOT NULL,
    reserved_pusd bigint NOT NULL
);
COMMENT ON TABLE loopai_nb.accounts IS 'What all runs together spent and reserved on a day (UTC, as 2026-11-21).';
CREATE TABLE loopai_nb.answers (
    request_no bigint NOT NULL,
    key bytea NOT NULL,
    text text,
    model text NOT NULL,
    finish_reason text NOT NULL,
    input_tokens integer NOT NULL,
    output_tokens integer NOT NULL,
    cost_pusd bigint NOT NULL,
    latency_ms double precision NOT NULL,
    run_id text NOT NULL,
    answered_ms bigint NOT NULL
);
COMMENT ON TABLE loopai_nb.answers IS 'Paid answers: the cache (by key), the checkpoint and the result at once. No text: blanked.';
CREATE TABLE loopai_nb.approvals (
    approval_id text NOT NULL,
    plan_id text NOT NULL,
    digest text NOT NULL,
    state text NOT NULL,
    decided_by text NOT NULL,
    means text NOT NULL,
    decided_ms bigint NOT NULL,
    feedback text NOT NULL,
    used_by text
);
COMMENT ON TABLE loopai_nb.approvals IS 'Decisions on one digest. means: person, code, resume. used_by: the one run that spent it.';
CREATE TABLE loopai_nb.attempts (
    attempt_no bigint NOT NULL,
    run_id text NOT NULL,
    request_no bigint NOT NULL,
    number integer NOT NULL,
    ended_ms bigint NOT NULL,
    latency_ms double precision,
    outcome text NOT NULL,
    status_code integer,
    error_kind text,
    error text,
    text text,
    input_tokens integer,
    output_tokens integer,
    cost_pusd bigint NOT NULL
);
COMMENT ON TABLE loopai_nb.attempts IS 'Every HTTP send, whatever came of it. text: a paid answer that did not fit the schema.';
CREATE SEQUENCE loopai_nb.attempts_attempt_no_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE loopai_nb.attempts_attempt_no_seq OWNED BY loopai_nb.attempts.attempt_no;
CREATE TABLE loopai_nb.commits (
    writer text NOT NULL,
    number bigint NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL
);
CREATE TABLE loopai_nb.events (
    event_no bigint NOT NULL,
    at_ms bigint NOT NULL,
    run_id text,
    kind text NOT NULL,
    scope text,
    message text NOT NULL
);
COMMENT ON TABLE loopai_nb.events IS 'What a person may want to hear of. With a scope: once in it, such as 80% of one budget.';
CREATE SEQUENCE loopai_nb.events_event_no_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE loopai_nb.events_event_no_seq OWNED BY loopai_nb.events.event_no;
CREATE TABLE loopai_nb.meta (
    name text NOT NULL,
    value text NOT NULL
);
CREATE TABLE loopai_nb.owners (
    owner_id text NOT NULL,
    run_id text NOT NULL,
    host text NOT NULL,
    pid integer NOT NULL,
    process_started text NOT NULL,
    heartbeat_ms bigint NOT NULL
);
COMMENT ON TABLE loopai_nb.owners IS 'Processes that carry out a run; the leases of one that is gone are taken back.';
CREATE TABLE loopai_nb.plans (
    plan_id text NOT NULL,
    digest text,
    created_ms bigint NOT NULL,
    spec text NOT NULL,
    frame_name text NOT NULL,
    row_count integer,
    cache_after_ms bigint DEFAULT '0'::bigint NOT NULL,
    history_key bytea,
    index_names text,
    pull_no bigint
);
COMMENT ON TABLE loopai_nb.plans IS 'A plan whose digest is null was never finished and is dropped when the ledger is opened.';
CREATE TABLE loopai_nb.requests (
    request_no bigint NOT NULL,
    plan_id text NOT NULL,
    key bytea NOT NULL,
    prompt text NOT NULL,
    system text,
    copy integer,
    prompt_bytes integer NOT NULL,
    estimated_tokens integer NOT NULL,
    worst_case_pusd bigint NOT NULL,
    state text NOT NULL,
    cached boolean NOT NULL,
    answer_no bigint,
    attempts integer NOT NULL,
    mismatches integer DEFAULT 0 NOT NULL,
    owner_id text,
    run_id text,
    day text,
    not_before_ms bigint NOT NULL,
    error_kind text,
    error text
);
COMMENT ON TABLE loopai_nb.requests IS 'The distinct requests of a plan and where each stands (RequestState).';
CREATE SEQUENCE loopai_nb.requests_request_no_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE loopai_nb.requests_request_no_seq OWNED BY loopai_nb.requests.request_no;
CREATE TABLE loopai_nb.rows (
    plan_id text NOT NULL,
    "position" integer NOT NULL,
    label text NOT NULL,
    key bytea,
    error text
);
COMMENT ON TABLE loopai_nb.rows IS 'One per row of the frame; several rows may share a request. No key: the row can''t be asked.';
CREATE TABLE loopai_nb.runs (
    run_id text NOT NULL,
    plan_id text NOT NULL,
    approval_id text NOT NULL,
    state text NOT NULL,
    reason text NOT NULL,
    created_ms bigint NOT NULL,
    ended_ms bigint,
    active_ms bigint NOT NULL,
    budget_pusd bigint,
    spent_pusd bigint NOT NULL,
    reserved_pusd bigint NOT NULL,
    cancel_requested boolean NOT NULL
);
COMMENT ON TABLE loopai_nb.runs IS 'spent_pusd counts an unknown outcome at its worst case; reserved_pusd is what leases hold.';
CREATE TABLE loopai_nb.watermarks (
    pull_no bigint NOT NULL,
    mark_key bytea NOT NULL,
    place text NOT NULL,
    source text NOT NULL,
    condition text,
    column_name text NOT NULL,
    type text NOT NULL,
    value text NOT NULL,
    keys_at text,
    pulled_ms bigint NOT NULL,
    moved_ms bigint,
    moved_by text
);
COMMENT ON TABLE loopai_nb.watermarks IS 'How far pulls of only what is new came. Not moved: waits for a run over its rows to complete.';
CREATE SEQUENCE loopai_nb.watermarks_pull_no_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE loopai_nb.watermarks_pull_no_seq OWNED BY loopai_nb.watermarks.pull_no;
ALTER TABLE ONLY loopai_nb.attempts ALTER COLUMN attempt_no SET DEFAULT nextval('loopai_nb.attempts_attempt_no_seq'::regclass);
ALTER TABLE ONLY loopai_nb.events ALTER COLUMN event_no SET DEFAULT nextval('loopai_nb.events_event_no_seq'::regclass);
ALTER TABLE ONLY loopai_nb.requests ALTER COLUMN request_no SET DEFAULT nextval('loopai_nb.requests_request_no_seq'::regclass);
ALTER TABLE ONLY loopai_nb.watermarks ALTER COLUMN pull_no SET DEFAULT nextval('loopai_nb.watermarks_pull_no_seq'::regclass);
INSERT INTO loopai_nb.accounts VALUES ('2025-11-22', 60, 212);
INSERT INTO loopai_nb.answers VALUES (1, '\xb29a2c1ff1443de2e05e186a2a16b97432c775eaab02297e6361acc32fa8800d', 'a robin', 'm-1', 'stop', 10, 2, 30, 12.5, 'r-0001', 1763772000000);
INSERT INTO loopai_nb.answers VALUES (2, '\x730816df997e98edf6d471d44811562b559d78e8b61b839e52be31217a019da1', 'a wren', 'm-1', 'stop', 10, 2, 30, 12.5, 'r-0001', 1763772000000);
INSERT INTO loopai_nb.approvals VALUES ('a-0001', 'p-0001', '7209fd23d42e764ace5155cbde965c685039612cb843770be00574908d76303d', 'APPROVED', 'ada', 'person', 1763772000000, '', 'r-0001');
INSERT INTO loopai_nb.approvals VALUES ('a-0002', 'p-0001', '7209fd23d42e764ace5155cbde965c685039612cb843770be00574908d76303d', 'APPROVED', 'bob', 'resume', 1763772064000, 'budget 10000 to 20000 pUSD', 'r-0001');
INSERT INTO loopai_nb.approvals VALUES ('a-0003', 'p-0002', 'c0db23d0884c94017cad38d6d5012bd9276b8c30b68bb67687b5664ebc681c15', 'APPROVED', 'ada', 'code', 1763772125000, '', 'r-0002');
INSERT INTO loopai_nb.approvals VALUES ('a-0004', 'p-0003', '727a997e881ed39fa48b1830462566513953b855d6fcef6edfefcd616618d540', 'REJECTED', 'ada', 'person', 1763772185000, 'zu teuer: 5 € für "jay"', NULL);
INSERT INTO loopai_nb.approvals VALUES ('a-0005', 'p-0003', '727a997e881ed39fa48b1830462566513953b855d6fcef6edfefcd616618d540', 'TIMEOUT', 'ada', 'person', 1763772186000, '', NULL);
INSERT INTO loopai_nb.approvals VALUES ('a-0006', 'p-0004', '19ba71dae777e96ee80f97f7a6ff9d897e390869ade90723f1204f89d72a9e89', 'APPROVED', 'bob', 'person', 1763772187000, 'go on', NULL);
INSERT INTO loopai_nb.attempts VALUES (1, 'r-0001', 1, 1, 1763772000000, 12.5, 'answered', NULL, NULL, NULL, NULL, 10, 2, 30);
INSERT INTO loopai_nb.attempts VALUES (2, 'r-0001', 2, 1, 1763772000000, 12.5, 'answered', NULL, NULL, NULL, NULL, 10, 2, 30);
INSERT INTO loopai_nb.attempts VALUES (3, 'r-0001', 4, 1, 1763772000000, NULL, 'rejected', 400, 'http_400', 'extinct', NULL, NULL, NULL, 0);
INSERT INTO loopai_nb.meta VALUES ('schema_version', '3');
INSERT INTO loopai_nb.owners VALUES ('o-0001', 'r-0002', 'a-host-that-is-gone', 1, '0', 1763772125000);
INSERT INTO loopai_nb.plans VALUES ('p-0001', '7209fd23d42e764ace5155cbde965c685039612cb843770be00574908d76303d', 1763772000000, '{"budget_pusd":10000,"extra":{},"max_tokens":8,"model":"m","price":[1,10,"set"],"server_kind":"openai","server_url":"http://127.0.0.1:1/v1","system":null,"temperature":0.7,"template":"t","version":1}', 'birds', 5, 0, NULL, NULL, NULL);
INSERT INTO loopai_nb.plans VALUES ('p-0002', 'c0db23d0884c94017cad38d6d5012bd9276b8c30b68bb67687b5664ebc681c15', 1763772125000, '{"budget_pusd":null,"extra":{},"max_tokens":8,"model":"m","price":[1,10,"set"],"server_kind":"openai","server_url":"http://127.0.0.1:1/v1","system":null,"temperature":0.7,"template":"t","version":1}', 'birds', 3, 0, NULL, NULL, NULL);
INSERT INTO loopai_nb.plans VALUES ('p-0003', '727a997e881ed39fa48b1830462566513953b855d6fcef6edfefcd616618d540', 1763772185000, '{"budget_pusd":null,"extra":{},"max_tokens":8,"model":"m","price":[1,10,"set"],"server_kind":"openai","server_url":"http://127.0.0.1:1/v1","system":null,"temperature":0.7,"template":"t","version":1}', 'birds', 1, 0, NULL, NULL, NULL);
INSERT INTO loopai_nb.plans VALUES ('p-0004', '19ba71dae777e96ee80f97f7a6ff9d897e390869ade90723f1204f89d72a9e89', 1763772186000, '{"budget_pusd":null,"extra":{},"max_tokens":8,"model":"m","price":[1,10,"set"],"server_kind":"openai","server_url":"http://127.0.0.1:1/v1","system":null,"temperature":0.7,"template":"t","version":1}', 'birds', 1, 0, NULL, NULL, NULL);
INSERT INTO loopai_nb.requests VALUES (1, 'p-0001', '\xb29a2c1ff1443de2e05e186a2a16b97432c775eaab02297e6361acc32fa8800d', 'robin', NULL, NULL, 5, 2, 213, 'ANSWERED', false, 1, 1, 0, NULL, 'r-0001', '2025-11-22', 0, NULL, NULL);
INSERT INTO loopai_nb.requests VALUES (2, 'p-0001', '\x730816df997e98edf6d471d44811562b559d78e8b61b839e52be31217a019da1', 'wren', NULL, NULL, 4, 1, 212, 'ANSWERED', false, 2, 1, 0, NULL, 'r-0001', '2025-11-22', 0, NULL, NULL);
INSERT INTO loopai_nb.requests VALUES (4, 'p-0001', '\x26c3289f9a75a28ef887316514e0df614b45f2c47ada816f57a147bace37b39c', 'dodo', NULL, NULL, 4, 1, 212, 'FAILED', false, NULL, 1, 0, NULL, 'r-0001', '2025-11-22', 0, 'http_400', 'extinct');
INSERT INTO loopai_nb.requests VALUES (7, 'p-0002', '\x7367ea53c53c7726aa760b05063295841ca0866b364b8dbd1b24b606710a630a', 'crow', NULL, NULL, 4, 1, 212, 'WAITING', false, NULL, 0, 0, NULL, NULL, NULL, 0, NULL, NULL);
INSERT INTO loopai_nb.requests VALUES (5, 'p-0002', '\x730816df997e98edf6d471d44811562b559d78e8b61b839e52be31217a019da1', 'wren', NULL, NULL, 4, 1, 212, 'ANSWERED', true, 2, 0, 0, NULL, NULL, NULL, 0, NULL, NULL);
INSERT INTO loopai_nb.requests VALUES (6, 'p-0002', '\x0e56c8de15e018a1d0af9cd60c164e8a7282d1ad28ad7a1ed6dc9c94efa04e87', 'lark', NULL, NULL, 4, 1, 212, 'LEASED', false, NULL, 1, 0, 'o-0001', 'r-0002', '2025-11-22', 0, NULL, NULL);
INSERT INTO loopai_nb.requests VALUES (8, 'p-0003', '\xfcae60e892c20563b610f1d91358045feb26d579239f4f67240a027c7f081514', 'jay', NULL, NULL, 3, 1, 211, 'WAITING', false, NULL, 0, 0, NULL, NULL, NULL, 0, NULL, NULL);
INSERT INTO loopai_nb.requests VALUES (9, 'p-0004', '\xa44497cab624fd52ba090a92087d670b8742e3f2e24b276334bd2038444af817', 'owl', NULL, NULL, 3, 1, 211, 'WAITING', false, NULL, 0, 0, NULL, NULL, NULL, 0, NULL, NULL);
INSERT INTO loopai_nb.rows VALUES ('p-0001', 0, '0', '\xb29a2c1ff1443de2e05e186a2a16b97432c775eaab02297e6361acc32fa8800d', NULL);
INSERT INTO loopai_nb.rows VALUES ('p-0001', 1, '1', '\x730816df997e98edf6d471d44811562b559d78e8b61b839e52be31217a019da1', NULL);
INSERT INTO loopai_nb.rows VALUES ('p-0001', 2, '2', NULL, 'no prompt');
INSERT INTO loopai_nb.rows VALUES ('p-0001', 3, '3', '\xb29a2c1ff1443de2e05e186a2a16b97432c775eaab02297e6361acc32fa8800d', NULL);
INSERT INTO loopai_nb.rows VALUES ('p-0001', 4, '4', '\x26c3289f9a75a28ef887316514e0df614b45f2c47ada816f57a147bace37b39c', NULL);
INSERT INTO loopai_nb.rows VALUES ('p-0002', 0, '0', '\x730816df997e98edf6d471d44811562b559d78e8b61b839e52be31217a019da1', NULL);
INSERT INTO loopai_nb.rows VALUES ('p-0002', 1, '1', '\x0e56c8de15e018a1d0af9cd60c164e8a7282d1ad28ad7a1ed6dc9c94efa04e87', NULL);
INSERT INTO loopai_nb.rows VALUES ('p-0002', 2, '2', '\x7367ea53c53c7726aa760b05063295841ca0866b364b8dbd1b24b606710a630a', NULL);
INSERT INTO loopai_nb.rows VALUES ('p-0003', 0, '0', '\xfcae60e892c20563b610f1d91358045feb26d579239f4f67240a027c7f081514', NULL);
INSERT INTO loopai_nb.rows VALUES ('p-0004', 0, '0', '\xa44497cab624fd52ba090a92087d670b8742e3f2e24b276334bd2038444af817', NULL);
INSERT INTO loopai_nb.runs VALUES ('r-0001', 'p-0001', 'a-0001', 'PARTIAL', '1 rows failed', 1763772000000, 1763772065000, 4100, 20000, 60, 0, false);
INSERT INTO loopai_nb.runs VALUES ('r-0002', 'p-0002', 'a-0003', 'RUNNING', '', 1763772125000, NULL, 0, NULL, 0, 212, false);
INSERT INTO loopai_nb.watermarks VALUES (1, '\x6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b', 'h/shop', 'reviews', NULL, 'id', 'bigint', '7', '["[7]"]', 1763772187000, NULL, NULL);
SELECT pg_catalog.setval('loopai_nb.attempts_attempt_no_seq', 3, true);
SELECT pg_catalog.setval('loopai_nb.events_event_no_seq', 1, false);
SELECT pg_catalog.setval('loopai_nb.requests_request_no_seq', 9, true);
SELECT pg_catalog.setval('loopai_nb.watermarks_pull_no_seq', 1, true);
ALTER TABLE ONLY loopai_nb.accounts
    ADD CONSTRAINT accounts_pkey PRIMARY KEY (day);
ALTER TABLE ONLY loopai_nb.answers
    ADD CONSTRAINT answers_pkey PRIMARY KEY (request_no);
ALTER TABLE ONLY loopai_nb.approvals
    ADD CONSTRAINT approvals_pkey PRIMARY KEY (approval_id);
ALTER TABLE ONLY loopai_nb.attempts
    ADD CONSTRAINT attempts_pkey PRIMARY KEY (attempt_no);
ALTER TABLE ONLY loopai_nb.commits
    ADD CONSTRAINT commits_pkey PRIMARY KEY (writer);
ALTER TABLE ONLY loopai_nb.events
    ADD CONSTRAINT events_kind_scope_key UNIQUE (kind, scope);
ALTER TABLE ONLY loopai_nb.events
    ADD CONSTRAINT events_pkey PRIMARY KEY (event_no);
ALTER TABLE ONLY loopai_nb.meta
    ADD CONSTRAINT meta_pkey PRIMARY KEY (name);
ALTER TABLE ONLY loopai_nb.owners
    ADD CONSTRAINT owners_pkey PRIMARY KEY (owner_id);
ALTER TABLE ONLY loopai_nb.plans
    ADD CONSTRAINT plans_pkey PRIMARY KEY (plan_id);
ALTER TABLE ONLY loopai_nb.requests
    ADD CONSTRAINT requests_pkey PRIMARY KEY (request_no);
ALTER TABLE ONLY loopai_nb.requests
    ADD CONSTRAINT requests_plan_id_key_key UNIQUE (plan_id, key);
ALTER TABLE ONLY loopai_nb.rows
    ADD CONSTRAINT rows_pkey PRIMARY KEY (plan_id, "position");
ALTER TABLE ONLY loopai_nb.runs
    ADD CONSTRAINT runs_pkey PRIMARY KEY (run_id);
ALTER TABLE ONLY loopai_nb.watermarks
    ADD CONSTRAINT watermarks_pkey PRIMARY KEY (pull_no);
CREATE INDEX answers_by_key ON loopai_nb.answers USING btree (key, answered_ms);
CREATE INDEX attempts_by_request ON loopai_nb.attempts USING btree (run_id, request_no);
CREATE INDEX events_by_time ON loopai_nb.events USING btree (at_ms);
CREATE INDEX plans_by_history ON loopai_nb.plans USING btree (history_key, created_ms);
CREATE INDEX requests_by_state ON loopai_nb.requests USING btree (plan_id, state, request_no);
CREATE INDEX watermarks_by_key ON loopai_nb.watermarks USING btree (mark_key, pull_no);
