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
    kind text NOT NULL,
    plan_id text,
    digest text NOT NULL,
    title text NOT NULL,
    context text,
    state text NOT NULL,
    asked_ms bigint NOT NULL,
    expires_ms bigint,
    asked_by text NOT NULL,
    decided_by text,
    means text,
    decided_ms bigint,
    feedback text NOT NULL,
    modifications text,
    used_by text
);
COMMENT ON TABLE loopai_nb.approvals IS 'What waits for a decision, and what was decided on one digest. used_by: what spent it, once.';
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
CREATE TABLE loopai_nb.chain (
    seq bigint NOT NULL,
    at_ms bigint NOT NULL,
    kind text NOT NULL,
    approval_id text NOT NULL,
    content text NOT NULL,
    prev_hash text NOT NULL,
    hash text NOT NULL
);
COMMENT ON TABLE loopai_nb.chain IS 'Every ask, decision and use of approvals, each row with the hash of the one before it.';
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
CREATE TABLE loopai_nb.review_assignments (
    assignment_no bigint NOT NULL,
    run_id text NOT NULL,
    reviewer text NOT NULL,
    first_position integer,
    last_position integer,
    filter text,
    assigned_by text NOT NULL,
    at_ms bigint NOT NULL
);
COMMENT ON TABLE loopai_nb.review_assignments IS 'Which rows of a run a reviewer is to look at: a range, both ends included, or a filter as JSON.';
CREATE SEQUENCE loopai_nb.review_assignments_assignment_no_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE loopai_nb.review_assignments_assignment_no_seq OWNED BY loopai_nb.review_assignments.assignment_no;
CREATE TABLE loopai_nb.reviews (
    review_no bigint NOT NULL,
    request_no bigint NOT NULL,
    run_id text NOT NULL,
    "position" integer,
    state text NOT NULL,
    text text,
    note text NOT NULL,
    reviewer text NOT NULL,
    at_ms bigint NOT NULL,
    undone boolean NOT NULL
);
COMMENT ON TABLE loopai_nb.reviews IS 'What people said of answers: append only, the newest that is not undone counts.';
CREATE SEQUENCE loopai_nb.reviews_review_no_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE loopai_nb.reviews_review_no_seq OWNED BY loopai_nb.reviews.review_no;
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
ALTER TABLE ONLY loopai_nb.review_assignments ALTER COLUMN assignment_no SET DEFAULT nextval('loopai_nb.review_assignments_assignment_no_seq'::regclass);
ALTER TABLE ONLY loopai_nb.reviews ALTER COLUMN review_no SET DEFAULT nextval('loopai_nb.reviews_review_no_seq'::regclass);
ALTER TABLE ONLY loopai_nb.watermarks ALTER COLUMN pull_no SET DEFAULT nextval('loopai_nb.watermarks_pull_no_seq'::regclass);
INSERT INTO loopai_nb.accounts VALUES ('2025-11-22', 786, 0);
INSERT INTO loopai_nb.accounts VALUES ('2025-11-23', 0, 211);
INSERT INTO loopai_nb.answers VALUES (1, '\xb29a2c1ff1443de2e05e186a2a16b97432c775eaab02297e6361acc32fa8800d', 'a robin', 'm-1', 'stop', 10, 2, 30, 120.5, 'r-0001', 1763772000000);
INSERT INTO loopai_nb.answers VALUES (2, '\x730816df997e98edf6d471d44811562b559d78e8b61b839e52be31217a019da1', 'a wren', 'm-1', 'stop', 10, 2, 30, 250, 'r-0001', 1763772061000);
INSERT INTO loopai_nb.answers VALUES (4, '\x2efa8e8dc8567d7304eea4043b8d972e1cfd1986bb5f93f6fdba470d4d7739e1', 'a gull', 'm-1', 'stop', 10, 2, 30, 9000, 'r-0001', 1763775661000);
INSERT INTO loopai_nb.answers VALUES (6, '\x5280ff23cd6bd84f635fd8585e676534cfbde60d5a691f837cbc9a46857e222d', 'ein Zaunkönig', 'm-1', 'stop', 10, 2, 30, 70, 'r-0002', 1763775722000);
INSERT INTO loopai_nb.approvals VALUES ('a-0001', 'plan', 'p-0001', 'a1a99a242ab58a5eb9bb98fae944a3dca6b31c2a7e4cf5e32320b0edb3b14397', '', NULL, 'APPROVED', 1763772000000, NULL, 'tester', 'tester', 'code', 1763772000000, '', NULL, 'r-0001');
INSERT INTO loopai_nb.approvals VALUES ('a-0002', 'plan', 'p-0002', 'b83bebb12eac0c0393532d2b79cf475650055229903e566bb7a62d9484922f4e', '', NULL, 'APPROVED', 1763775721000, NULL, 'tester', 'tester', 'code', 1763775721000, '', NULL, 'r-0002');
INSERT INTO loopai_nb.approvals VALUES ('a-0003', 'plan', 'p-0003', 'c351d7f53b7d7370ff9b4a6524bcae11a31c58fdc13c76c78a6df845b0af4c22', '', NULL, 'APPROVED', 1763775722000, NULL, 'tester', 'tester', 'code', 1763775722000, '', NULL, 'r-0003');
INSERT INTO loopai_nb.approvals VALUES ('a-0004', 'plan', 'p-0004', 'f3dd1d5cacfe9871505844d3ceee1c7b5aaf1d9a37c7c2a9348dbea8aab45c1f', '', NULL, 'APPROVED', 1763862122000, NULL, 'tester', 'tester', 'code', 1763862122000, '', NULL, 'r-0004');
INSERT INTO loopai_nb.approvals VALUES ('a-0005', 'plan', 'p-0005', '727a997e881ed39fa48b1830462566513953b855d6fcef6edfefcd616618d540', '', NULL, 'APPROVED', 1763862122000, NULL, 'tester', 'tester', 'code', 1763862122000, '', NULL, NULL);
INSERT INTO loopai_nb.attempts VALUES (1, 'r-0001', 1, 1, 1763772000000, 120.5, 'answered', 200, NULL, NULL, NULL, 10, 2, 30);
INSERT INTO loopai_nb.attempts VALUES (2, 'r-0001', 2, 1, 1763772000000, 80, 'invalid', 200, 'schema', 'no bird', 'what?', 10, 2, 30);
INSERT INTO loopai_nb.attempts VALUES (3, 'r-0001', 3, 1, 1763772000000, NULL, 'rejected', 400, 'http_400', 'extinct', NULL, NULL, NULL, 0);
INSERT INTO loopai_nb.attempts VALUES (4, 'r-0001', 4, 1, 1763772000000, NULL, 'deferred', 503, 'http_503', 'busy', NULL, NULL, NULL, 0);
INSERT INTO loopai_nb.attempts VALUES (5, 'r-0001', 2, 2, 1763772061000, 250, 'answered', 200, NULL, NULL, NULL, 10, 2, 30);
INSERT INTO loopai_nb.attempts VALUES (6, 'r-0001', 4, 1, 1763772061000, NULL, 'unknown', NULL, 'read_timeout', 'no answer in time', NULL, NULL, NULL, 212);
INSERT INTO loopai_nb.attempts VALUES (7, 'r-0001', 4, 2, 1763775661000, 9000, 'answered', 200, NULL, NULL, NULL, 10, 2, 30);
INSERT INTO loopai_nb.attempts VALUES (8, 'r-0001', 3, 1, 1763775661000, NULL, 'rejected', 400, 'http_400', 'extinct', NULL, NULL, NULL, 0);
INSERT INTO loopai_nb.attempts VALUES (9, 'r-0003', 9, 1, 1763775722000, NULL, 'unknown', NULL, 'cancelled', 'cancelled before its answer came; it may have been paid', NULL, NULL, NULL, 212);
INSERT INTO loopai_nb.attempts VALUES (10, 'r-0002', 6, 1, 1763775722000, 70, 'answered', 200, NULL, NULL, NULL, 10, 2, 30);
INSERT INTO loopai_nb.attempts VALUES (11, 'r-0002', 7, 1, 1763775722000, NULL, 'unknown', NULL, 'process_ended', NULL, NULL, NULL, NULL, 212);
INSERT INTO loopai_nb.chain VALUES (1, 1763772000000, 'asked', 'a-0001', '{"approval_id":"a-0001","asked_by":"tester","asked_ms":1763772000000,"at_ms":1763772000000,"decided_by":null,"decided_ms":null,"digest":"a1a99a242ab58a5eb9bb98fae944a3dca6b31c2a7e4cf5e32320b0edb3b14397","expires_ms":null,"kind":"asked","means":null,"plan_id":"p-0001","said":"c3a310bc2a4f31ef2a14e578090bcd65fc95dc82c1eed42ac8c1b35d37dd7789","seq":1,"shown":"c3a310bc2a4f31ef2a14e578090bcd65fc95dc82c1eed42ac8c1b35d37dd7789","state":"PENDING","used_by":null,"what":"plan"}', '0000000000000000000000000000000000000000000000000000000000000000', '508968bafc1087e9b7729a543e974ab43be91521cd59913b3b2a5acde8f27a13');
INSERT INTO loopai_nb.chain VALUES (2, 1763772000000, 'decided', 'a-0001', '{"approval_id":"a-0001","at_ms":1763772000000,"decided_by":"tester","decided_ms":1763772000000,"kind":"decided","means":"code","said":"c3a310bc2a4f31ef2a14e578090bcd65fc95dc82c1eed42ac8c1b35d37dd7789","seq":2,"state":"APPROVED"}', '508968bafc1087e9b7729a543e974ab43be91521cd59913b3b2a5acde8f27a13', '407eda7ff566e89a0079bd048bb7130c99d66f85227b3a6d3d76fae1e5809bd3');
INSERT INTO loopai_nb.chain VALUES (3, 1763772000000, 'used', 'a-0001', '{"approval_id":"a-0001","at_ms":1763772000000,"kind":"used","seq":3,"used_by":"r-0001"}', '407eda7ff566e89a0079bd048bb7130c99d66f85227b3a6d3d76fae1e5809bd3', '43a3ee8806ad42af8a5c58e489b03188c93385effc798572b6178cf9d6adc24f');
INSERT INTO loopai_nb.chain VALUES (4, 1763775721000, 'asked', 'a-0002', '{"approval_id":"a-0002","asked_by":"tester","asked_ms":1763775721000,"at_ms":1763775721000,"decided_by":null,"decided_ms":null,"digest":"b83bebb12eac0c0393532d2b79cf475650055229903e566bb7a62d9484922f4e","expires_ms":null,"kind":"asked","means":null,"plan_id":"p-0002","said":"c3a310bc2a4f31ef2a14e578090bcd65fc95dc82c1eed42ac8c1b35d37dd7789","seq":4,"shown":"c3a310bc2a4f31ef2a14e578090bcd65fc95dc82c1eed42ac8c1b35d37dd7789","state":"PENDING","used_by":null,"what":"plan"}', '43a3ee8806ad42af8a5c58e489b03188c93385effc798572b6178cf9d6adc24f', 'ad7db59eccab7a2dd333cf9c76f83fd59ac145d34df473587ee5e2a4612093db');
INSERT INTO loopai_nb.chain VALUES (5, 1763775721000, 'decided', 'a-0002', '{"approval_id":"a-0002","at_ms":1763775721000,"decided_by":"tester","decided_ms":1763775721000,"kind":"decided","means":"code","said":"c3a310bc2a4f31ef2a14e578090bcd65fc95dc82c1eed42ac8c1b35d37dd7789","seq":5,"state":"APPROVED"}', 'ad7db59eccab7a2dd333cf9c76f83fd59ac145d34df473587ee5e2a4612093db', '678cd9c55e5e3aa7427cab2b57eb57861248f296e5f3fefc71f3e810a88a0c7e');
INSERT INTO loopai_nb.chain VALUES (6, 1763775721000, 'used', 'a-0002', '{"approval_id":"a-0002","at_ms":1763775721000,"kind":"used","seq":6,"used_by":"r-0002"}', '678cd9c55e5e3aa7427cab2b57eb57861248f296e5f3fefc71f3e810a88a0c7e', '654d5513314a3da9342f23752a9286a414097d10dc4d77eeb71a1b0d53512cd5');
INSERT INTO loopai_nb.chain VALUES (7, 1763775722000, 'asked', 'a-0003', '{"approval_id":"a-0003","asked_by":"tester","asked_ms":1763775722000,"at_ms":1763775722000,"decided_by":null,"decided_ms":null,"digest":"c351d7f53b7d7370ff9b4a6524bcae11a31c58fdc13c76c78a6df845b0af4c22","expires_ms":null,"kind":"asked","means":null,"plan_id":"p-0003","said":"c3a310bc2a4f31ef2a14e578090bcd65fc95dc82c1eed42ac8c1b35d37dd7789","seq":7,"shown":"c3a310bc2a4f31ef2a14e578090bcd65fc95dc82c1eed42ac8c1b35d37dd7789","state":"PENDING","used_by":null,"what":"plan"}', '654d5513314a3da9342f23752a9286a414097d10dc4d77eeb71a1b0d53512cd5', '9a1ef57d52783b531a889057fa7d8105ed50a1a74bb8356d0ea964b5b5914fb0');
INSERT INTO loopai_nb.chain VALUES (8, 1763775722000, 'decided', 'a-0003', '{"approval_id":"a-0003","at_ms":1763775722000,"decided_by":"tester","decided_ms":1763775722000,"kind":"decided","means":"code","said":"c3a310bc2a4f31ef2a14e578090bcd65fc95dc82c1eed42ac8c1b35d37dd7789","seq":8,"state":"APPROVED"}', '9a1ef57d52783b531a889057fa7d8105ed50a1a74bb8356d0ea964b5b5914fb0', '6780a1d508d2f4b6a489efa70aaf52bcb7bd7dd9002e4e2b76306f9da49e8d21');
INSERT INTO loopai_nb.chain VALUES (9, 1763775722000, 'used', 'a-0003', '{"approval_id":"a-0003","at_ms":1763775722000,"kind":"used","seq":9,"used_by":"r-0003"}', '6780a1d508d2f4b6a489efa70aaf52bcb7bd7dd9002e4e2b76306f9da49e8d21', '2e1438affa040cb89577b4222cd739ac16e7db7a495d3e2b8b61105c7cffbb51');
INSERT INTO loopai_nb.chain VALUES (10, 1763862122000, 'asked', 'a-0004', '{"approval_id":"a-0004","asked_by":"tester","asked_ms":1763862122000,"at_ms":1763862122000,"decided_by":null,"decided_ms":null,"digest":"f3dd1d5cacfe9871505844d3ceee1c7b5aaf1d9a37c7c2a9348dbea8aab45c1f","expires_ms":null,"kind":"asked","means":null,"plan_id":"p-0004","said":"c3a310bc2a4f31ef2a14e578090bcd65fc95dc82c1eed42ac8c1b35d37dd7789","seq":10,"shown":"c3a310bc2a4f31ef2a14e578090bcd65fc95dc82c1eed42ac8c1b35d37dd7789","state":"PENDING","used_by":null,"what":"plan"}', '2e1438affa040cb89577b4222cd739ac16e7db7a495d3e2b8b61105c7cffbb51', 'b36367e434ffa3b4aed30f5c0e1a98d5d2c32f51a6b64496c8570508020d4844');
INSERT INTO loopai_nb.chain VALUES (11, 1763862122000, 'decided', 'a-0004', '{"approval_id":"a-0004","at_ms":1763862122000,"decided_by":"tester","decided_ms":1763862122000,"kind":"decided","means":"code","said":"c3a310bc2a4f31ef2a14e578090bcd65fc95dc82c1eed42ac8c1b35d37dd7789","seq":11,"state":"APPROVED"}', 'b36367e434ffa3b4aed30f5c0e1a98d5d2c32f51a6b64496c8570508020d4844', '730d4c292735b603e60776f4e7ea9cbba9e460b368275644ba7f15d7abba32c6');
INSERT INTO loopai_nb.chain VALUES (12, 1763862122000, 'used', 'a-0004', '{"approval_id":"a-0004","at_ms":1763862122000,"kind":"used","seq":12,"used_by":"r-0004"}', '730d4c292735b603e60776f4e7ea9cbba9e460b368275644ba7f15d7abba32c6', 'a8902418b8cecd601b03805c1e701a51bf44ad56b83f57d96ae792e950e22251');
INSERT INTO loopai_nb.chain VALUES (13, 1763862122000, 'asked', 'a-0005', '{"approval_id":"a-0005","asked_by":"tester","asked_ms":1763862122000,"at_ms":1763862122000,"decided_by":null,"decided_ms":null,"digest":"727a997e881ed39fa48b1830462566513953b855d6fcef6edfefcd616618d540","expires_ms":null,"kind":"asked","means":null,"plan_id":"p-0005","said":"c3a310bc2a4f31ef2a14e578090bcd65fc95dc82c1eed42ac8c1b35d37dd7789","seq":13,"shown":"c3a310bc2a4f31ef2a14e578090bcd65fc95dc82c1eed42ac8c1b35d37dd7789","state":"PENDING","used_by":null,"what":"plan"}', 'a8902418b8cecd601b03805c1e701a51bf44ad56b83f57d96ae792e950e22251', '85e54cf7831f21a3d0754d696220185defebd1819fb59fc725513cf753394a25');
INSERT INTO loopai_nb.chain VALUES (14, 1763862122000, 'decided', 'a-0005', '{"approval_id":"a-0005","at_ms":1763862122000,"decided_by":"tester","decided_ms":1763862122000,"kind":"decided","means":"code","said":"c3a310bc2a4f31ef2a14e578090bcd65fc95dc82c1eed42ac8c1b35d37dd7789","seq":14,"state":"APPROVED"}', '85e54cf7831f21a3d0754d696220185defebd1819fb59fc725513cf753394a25', '04986d3f464fe7263285dbec07bac1745d5b979f9b9e2d4eebbcca116a8d358a');
INSERT INTO loopai_nb.commits VALUES ('c928b0d2ab227a1c', 42, '2026-11-21 21:39:08.515199+00');
INSERT INTO loopai_nb.meta VALUES ('schema_version', '4');
INSERT INTO loopai_nb.meta VALUES ('chain_head', '14:04986d3f464fe7263285dbec07bac1745d5b979f9b9e2d4eebbcca116a8d358a');
INSERT INTO loopai_nb.owners VALUES ('o-000000000005', 'r-0004', 'a-host-that-is-gone', 1, '0', 1763862122000);
INSERT INTO loopai_nb.plans VALUES ('p-0001', 'a1a99a242ab58a5eb9bb98fae944a3dca6b31c2a7e4cf5e32320b0edb3b14397', 1763772000000, '{"budget_pusd":10000,"extra":{},"max_tokens":8,"model":"m","price":[1,10,"set"],"server_kind":"openai","server_url":"http://127.0.0.1:1/v1","system":null,"temperature":0.7,"template":"t","version":1}', 'birds', 6, 0, NULL, NULL, NULL);
INSERT INTO loopai_nb.plans VALUES ('p-0002', 'b83bebb12eac0c0393532d2b79cf475650055229903e566bb7a62d9484922f4e', 1763775721000, '{"budget_pusd":null,"extra":{},"max_tokens":8,"model":"n","price":[1,10,"set"],"server_kind":"openai","server_url":"http://127.0.0.1:1/v1","system":null,"temperature":0.7,"template":"t","version":1}', 'birds', 2, 0, NULL, NULL, NULL);
INSERT INTO loopai_nb.plans VALUES ('p-0003', 'c351d7f53b7d7370ff9b4a6524bcae11a31c58fdc13c76c78a6df845b0af4c22', 1763775722000, '{"budget_pusd":null,"extra":{},"max_tokens":8,"model":"m","price":[1,10,"set"],"server_kind":"openai","server_url":"http://127.0.0.1:1/v1","system":null,"temperature":0.7,"template":"t","version":1}', 'birds', 2, 0, NULL, NULL, NULL);
INSERT INTO loopai_nb.plans VALUES ('p-0004', 'f3dd1d5cacfe9871505844d3ceee1c7b5aaf1d9a37c7c2a9348dbea8aab45c1f', 1763862122000, '{"budget_pusd":null,"extra":{},"max_tokens":8,"model":"m","price":[1,10,"set"],"server_kind":"openai","server_url":"http://127.0.0.1:1/v1","system":null,"temperature":0.7,"template":"t","version":1}', 'birds', 3, 0, NULL, NULL, NULL);
INSERT INTO loopai_nb.plans VALUES ('p-0005', '727a997e881ed39fa48b1830462566513953b855d6fcef6edfefcd616618d540', 1763862122000, '{"budget_pusd":null,"extra":{},"max_tokens":8,"model":"m","price":[1,10,"set"],"server_kind":"openai","server_url":"http://127.0.0.1:1/v1","system":null,"temperature":0.7,"template":"t","version":1}', 'birds', 1, 0, NULL, NULL, NULL);
INSERT INTO loopai_nb.requests VALUES (1, 'p-0001', '\xb29a2c1ff1443de2e05e186a2a16b97432c775eaab02297e6361acc32fa8800d', 'robin', NULL, NULL, 5, 2, 213, 'ANSWERED', false, 1, 1, 0, NULL, 'r-0001', '2025-11-22', 0, NULL, NULL);
INSERT INTO loopai_nb.requests VALUES (2, 'p-0001', '\x730816df997e98edf6d471d44811562b559d78e8b61b839e52be31217a019da1', 'wren', NULL, NULL, 4, 1, 212, 'ANSWERED', false, 2, 2, 1, NULL, 'r-0001', '2025-11-22', 0, NULL, NULL);
INSERT INTO loopai_nb.requests VALUES (4, 'p-0001', '\x2efa8e8dc8567d7304eea4043b8d972e1cfd1986bb5f93f6fdba470d4d7739e1', 'gull', NULL, NULL, 4, 1, 212, 'ANSWERED', false, 4, 2, 0, NULL, 'r-0001', '2025-11-22', 0, NULL, NULL);
INSERT INTO loopai_nb.requests VALUES (3, 'p-0001', '\x26c3289f9a75a28ef887316514e0df614b45f2c47ada816f57a147bace37b39c', 'dodo', NULL, NULL, 4, 1, 212, 'FAILED', false, NULL, 1, 0, NULL, 'r-0001', '2025-11-22', 0, 'http_400', 'extinct');
INSERT INTO loopai_nb.requests VALUES (8, 'p-0003', '\x730816df997e98edf6d471d44811562b559d78e8b61b839e52be31217a019da1', 'wren', NULL, NULL, 4, 1, 212, 'ANSWERED', true, 2, 0, 0, NULL, NULL, NULL, 0, NULL, NULL);
INSERT INTO loopai_nb.requests VALUES (9, 'p-0003', '\x0e56c8de15e018a1d0af9cd60c164e8a7282d1ad28ad7a1ed6dc9c94efa04e87', 'lark', NULL, NULL, 4, 1, 212, 'MAYBE_PAID', false, NULL, 1, 0, NULL, 'r-0003', '2025-11-22', 0, 'cancelled', 'cancelled before its answer came; it may have been paid');
INSERT INTO loopai_nb.requests VALUES (6, 'p-0002', '\x5280ff23cd6bd84f635fd8585e676534cfbde60d5a691f837cbc9a46857e222d', 'wren', NULL, NULL, 4, 1, 212, 'ANSWERED', false, 6, 1, 0, NULL, 'r-0002', '2025-11-22', 0, NULL, NULL);
INSERT INTO loopai_nb.requests VALUES (7, 'p-0002', '\x2eacc106548a298830ab84b970c6d633bebcd44fee92d1f30330590454029015', 'lark', NULL, NULL, 4, 1, 212, 'MAYBE_PAID', false, NULL, 1, 0, NULL, 'r-0002', '2025-11-22', 0, 'process_ended', 'the process ended before the outcome was recorded; it may have been paid');
INSERT INTO loopai_nb.requests VALUES (12, 'p-0004', '\x7367ea53c53c7726aa760b05063295841ca0866b364b8dbd1b24b606710a630a', 'crow', NULL, NULL, 4, 1, 212, 'WAITING', false, NULL, 0, 0, NULL, NULL, NULL, 0, NULL, NULL);
INSERT INTO loopai_nb.requests VALUES (10, 'p-0004', '\xb29a2c1ff1443de2e05e186a2a16b97432c775eaab02297e6361acc32fa8800d', 'robin', NULL, NULL, 5, 2, 213, 'ANSWERED', true, 1, 0, 0, NULL, NULL, NULL, 0, NULL, NULL);
INSERT INTO loopai_nb.requests VALUES (11, 'p-0004', '\xa44497cab624fd52ba090a92087d670b8742e3f2e24b276334bd2038444af817', 'owl', NULL, NULL, 3, 1, 211, 'LEASED', false, NULL, 1, 0, 'o-000000000005', 'r-0004', '2025-11-23', 0, NULL, NULL);
INSERT INTO loopai_nb.requests VALUES (13, 'p-0005', '\xfcae60e892c20563b610f1d91358045feb26d579239f4f67240a027c7f081514', 'jay', NULL, NULL, 3, 1, 211, 'WAITING', false, NULL, 0, 0, NULL, NULL, NULL, 0, NULL, NULL);
INSERT INTO loopai_nb.rows VALUES ('p-0001', 0, '0', '\xb29a2c1ff1443de2e05e186a2a16b97432c775eaab02297e6361acc32fa8800d', NULL);
INSERT INTO loopai_nb.rows VALUES ('p-0001', 1, '1', '\x730816df997e98edf6d471d44811562b559d78e8b61b839e52be31217a019da1', NULL);
INSERT INTO loopai_nb.rows VALUES ('p-0001', 2, '2', '\x26c3289f9a75a28ef887316514e0df614b45f2c47ada816f57a147bace37b39c', NULL);
INSERT INTO loopai_nb.rows VALUES ('p-0001', 3, '3', '\x2efa8e8dc8567d7304eea4043b8d972e1cfd1986bb5f93f6fdba470d4d7739e1', NULL);
INSERT INTO loopai_nb.rows VALUES ('p-0001', 4, '4', NULL, 'no prompt');
INSERT INTO loopai_nb.rows VALUES ('p-0001', 5, '5', '\xb29a2c1ff1443de2e05e186a2a16b97432c775eaab02297e6361acc32fa8800d', NULL);
INSERT INTO loopai_nb.rows VALUES ('p-0002', 0, '0', '\x5280ff23cd6bd84f635fd8585e676534cfbde60d5a691f837cbc9a46857e222d', NULL);
INSERT INTO loopai_nb.rows VALUES ('p-0002', 1, '1', '\x2eacc106548a298830ab84b970c6d633bebcd44fee92d1f30330590454029015', NULL);
INSERT INTO loopai_nb.rows VALUES ('p-0003', 0, '0', '\x730816df997e98edf6d471d44811562b559d78e8b61b839e52be31217a019da1', NULL);
INSERT INTO loopai_nb.rows VALUES ('p-0003', 1, '1', '\x0e56c8de15e018a1d0af9cd60c164e8a7282d1ad28ad7a1ed6dc9c94efa04e87', NULL);
INSERT INTO loopai_nb.rows VALUES ('p-0004', 0, '0', '\xb29a2c1ff1443de2e05e186a2a16b97432c775eaab02297e6361acc32fa8800d', NULL);
INSERT INTO loopai_nb.rows VALUES ('p-0004', 1, '1', '\xa44497cab624fd52ba090a92087d670b8742e3f2e24b276334bd2038444af817', NULL);
INSERT INTO loopai_nb.rows VALUES ('p-0004', 2, '2', '\x7367ea53c53c7726aa760b05063295841ca0866b364b8dbd1b24b606710a630a', NULL);
INSERT INTO loopai_nb.rows VALUES ('p-0005', 0, '0', '\xfcae60e892c20563b610f1d91358045feb26d579239f4f67240a027c7f081514', NULL);
INSERT INTO loopai_nb.runs VALUES ('r-0001', 'p-0001', 'a-0001', 'PARTIAL', '1 rows failed', 1763772000000, 1763775661000, 4100, 10000, 332, 0, false);
INSERT INTO loopai_nb.runs VALUES ('r-0003', 'p-0003', 'a-0003', 'CANCELLED', 'cancelled', 1763775722000, 1763775722000, 10, NULL, 212, 0, false);
INSERT INTO loopai_nb.runs VALUES ('r-0002', 'p-0002', 'a-0002', 'CANCELLED', 'cancelled', 1763775721000, 1763775722000, 10, NULL, 242, 0, false);
INSERT INTO loopai_nb.runs VALUES ('r-0004', 'p-0004', 'a-0004', 'RUNNING', '', 1763862122000, NULL, 0, NULL, 0, 211, false);
SELECT pg_catalog.setval('loopai_nb.attempts_attempt_no_seq', 11, true);
SELECT pg_catalog.setval('loopai_nb.events_event_no_seq', 1, false);
SELECT pg_catalog.setval('loopai_nb.requests_request_no_seq', 13, true);
SELECT pg_catalog.setval('loopai_nb.review_assignments_assignment_no_seq', 1, false);
SELECT pg_catalog.setval('loopai_nb.reviews_review_no_seq', 1, false);
SELECT pg_catalog.setval('loopai_nb.watermarks_pull_no_seq', 1, false);
ALTER TABLE ONLY loopai_nb.accounts
    ADD CONSTRAINT accounts_pkey PRIMARY KEY (day);
ALTER TABLE ONLY loopai_nb.answers
    ADD CONSTRAINT answers_pkey PRIMARY KEY (request_no);
ALTER TABLE ONLY loopai_nb.approvals
    ADD CONSTRAINT approvals_pkey PRIMARY KEY (approval_id);
ALTER TABLE ONLY loopai_nb.attempts
    ADD CONSTRAINT attempts_pkey PRIMARY KEY (attempt_no);
ALTER TABLE ONLY loopai_nb.chain
    ADD CONSTRAINT chain_pkey PRIMARY KEY (seq);
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
ALTER TABLE ONLY loopai_nb.review_assignments
    ADD CONSTRAINT review_assignments_pkey PRIMARY KEY (assignment_no);
ALTER TABLE ONLY loopai_nb.reviews
    ADD CONSTRAINT reviews_pkey PRIMARY KEY (review_no);
ALTER TABLE ONLY loopai_nb.rows
    ADD CONSTRAINT rows_pkey PRIMARY KEY (plan_id, "position");
ALTER TABLE ONLY loopai_nb.runs
    ADD CONSTRAINT runs_pkey PRIMARY KEY (run_id);
ALTER TABLE ONLY loopai_nb.watermarks
    ADD CONSTRAINT watermarks_pkey PRIMARY KEY (pull_no);
CREATE INDEX answers_by_key ON loopai_nb.answers USING btree (key, answered_ms);
CREATE INDEX approvals_by_state ON loopai_nb.approvals USING btree (state, asked_ms);
CREATE INDEX attempts_by_request ON loopai_nb.attempts USING btree (run_id, request_no);
CREATE INDEX chain_by_approval ON loopai_nb.chain USING btree (approval_id, seq);
CREATE INDEX events_by_time ON loopai_nb.events USING btree (at_ms);
CREATE INDEX plans_by_history ON loopai_nb.plans USING btree (history_key, created_ms);
CREATE INDEX requests_by_state ON loopai_nb.requests USING btree (plan_id, state, request_no);
CREATE INDEX review_assignments_by_run ON loopai_nb.review_assignments USING btree (run_id, reviewer);
CREATE INDEX reviews_by_request ON loopai_nb.reviews USING btree (request_no, review_no);
CREATE INDEX reviews_by_run ON loopai_nb.reviews USING btree (run_id, undone, review_no);
CREATE INDEX watermarks_by_key ON loopai_nb.watermarks USING btree (mark_key, pull_no);
