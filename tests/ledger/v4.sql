BEGIN TRANSACTION;
CREATE TABLE accounts (
	day TEXT NOT NULL, 
	spent_pusd BIGINT NOT NULL, 
	reserved_pusd BIGINT NOT NULL, 
	PRIMARY KEY (day)
);
INSERT INTO "accounts" VALUES('2025-11-22',786,0);
INSERT INTO "accounts" VALUES('2025-11-23',0,211);
CREATE TABLE answers (
	request_no INTEGER NOT NULL, 
	"key" BLOB NOT NULL, 
	text TEXT, 
	model TEXT NOT NULL, 
	finish_reason TEXT NOT NULL, 
	input_tokens INTEGER NOT NULL, 
	output_tokens INTEGER NOT NULL, 
	cost_pusd BIGINT NOT NULL, 
	latency_ms FLOAT NOT NULL, 
	run_id TEXT NOT NULL, 
	answered_ms BIGINT NOT NULL, 
	PRIMARY KEY (request_no)
);
INSERT INTO "answers" VALUES(1,X'B29A2C1FF1443DE2E05E186A2A16B97432C775EAAB02297E6361ACC32FA8800D','a robin','m-1','stop',10,2,30,120.5,'r-0001',1763772000000);
INSERT INTO "answers" VALUES(2,X'730816DF997E98EDF6D471D44811562B559D78E8B61B839E52BE31217A019DA1','a wren','m-1','stop',10,2,30,250.0,'r-0001',1763772061000);
INSERT INTO "answers" VALUES(4,X'2EFA8E8DC8567D7304EEA4043B8D972E1CFD1986BB5F93F6FDBA470D4D7739E1','a gull','m-1','stop',10,2,30,9000.0,'r-0001',1763775661000);
INSERT INTO "answers" VALUES(6,X'5280FF23CD6BD84F635FD8585E676534CFBDE60D5A691F837CBC9A46857E222D','ein Zaunkönig','m-1','stop',10,2,30,70.0,'r-0002',1763775722000);
CREATE TABLE approvals (
	approval_id TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	plan_id TEXT, 
	digest TEXT NOT NULL, 
	title TEXT NOT NULL, 
	context TEXT, 
	state TEXT NOT NULL, 
	asked_ms BIGINT NOT NULL, 
	expires_ms BIGINT, 
	asked_by TEXT NOT NULL, 
	decided_by TEXT, 
	means TEXT, 
	decided_ms BIGINT, 
	feedback TEXT NOT NULL, 
	modifications TEXT, 
	used_by TEXT, 
	PRIMARY KEY (approval_id)
);
INSERT INTO "approvals" VALUES('a-0001','plan','p-0001','a1a99a242ab58a5eb9bb98fae944a3dca6b31c2a7e4cf5e32320b0edb3b14397','',NULL,'APPROVED',1763772000000,NULL,'tester','tester','code',1763772000000,'',NULL,'r-0001');
INSERT INTO "approvals" VALUES('a-0002','plan','p-0002','b83bebb12eac0c0393532d2b79cf475650055229903e566bb7a62d9484922f4e','',NULL,'APPROVED',1763775721000,NULL,'tester','tester','code',1763775721000,'',NULL,'r-0002');
INSERT INTO "approvals" VALUES('a-0003','plan','p-0003','c351d7f53b7d7370ff9b4a6524bcae11a31c58fdc13c76c78a6df845b0af4c22','',NULL,'APPROVED',1763775722000,NULL,'tester','tester','code',1763775722000,'',NULL,'r-0003');
INSERT INTO "approvals" VALUES('a-0004','plan','p-0004','f3dd1d5cacfe9871505844d3ceee1c7b5aaf1d9a37c7c2a9348dbea8aab45c1f','',NULL,'APPROVED',1763862122000,NULL,'tester','tester','code',1763862122000,'',NULL,'r-0004');
INSERT INTO "approvals" VALUES('a-0005','plan','p-0005','727a997e881ed39fa48b1830462566513953b855d6fcef6edfefcd616618d540','',NULL,'APPROVED',1763862122000,NULL,'tester','tester','code',1763862122000,'',NULL,NULL);
CREATE TABLE attempts (
	attempt_no INTEGER NOT NULL, 
	run_id TEXT NOT NULL, 
	request_no BIGINT NOT NULL, 
	number INTEGER NOT NULL, 
	ended_ms BIGINT NOT NULL, 
	latency_ms FLOAT, 
	outcome TEXT NOT NULL, 
	status_code INTEGER, 
	error_kind TEXT, 
	error TEXT, 
	text TEXT, 
	input_tokens INTEGER, 
	output_tokens INTEGER, 
	cost_pusd BIGINT NOT NULL, 
	PRIMARY KEY (attempt_no)
);
INSERT INTO "attempts" VALUES(1,'r-0001',1,1,1763772000000,120.5,'answered',200,NULL,NULL,NULL,10,2,30);
INSERT INTO "attempts" VALUES(2,'r-0001',2,1,1763772000000,80.0,'invalid',200,'schema','no bird','what?',10,2,30);
INSERT INTO "attempts" VALUES(3,'r-0001',3,1,1763772000000,NULL,'rejected',400,'http_400','extinct',NULL,NULL,NULL,0);
INSERT INTO "attempts" VALUES(4,'r-0001',4,1,1763772000000,NULL,'deferred',503,'http_503','busy',NULL,NULL,NULL,0);
INSERT INTO "attempts" VALUES(5,'r-0001',2,2,1763772061000,250.0,'answered',200,NULL,NULL,NULL,10,2,30);
INSERT INTO "attempts" VALUES(6,'r-0001',4,1,1763772061000,NULL,'unknown',NULL,'read_timeout','no answer in time',NULL,NULL,NULL,212);
INSERT INTO "attempts" VALUES(7,'r-0001',4,2,1763775661000,9000.0,'answered',200,NULL,NULL,NULL,10,2,30);
INSERT INTO "attempts" VALUES(8,'r-0001',3,1,1763775661000,NULL,'rejected',400,'http_400','extinct',NULL,NULL,NULL,0);
INSERT INTO "attempts" VALUES(9,'r-0003',9,1,1763775722000,NULL,'unknown',NULL,'cancelled','cancelled before its answer came; it may have been paid',NULL,NULL,NULL,212);
INSERT INTO "attempts" VALUES(10,'r-0002',6,1,1763775722000,70.0,'answered',200,NULL,NULL,NULL,10,2,30);
INSERT INTO "attempts" VALUES(11,'r-0002',7,1,1763775722000,NULL,'unknown',NULL,'process_ended',NULL,NULL,NULL,NULL,212);
CREATE TABLE chain (
	seq INTEGER NOT NULL, 
	at_ms BIGINT NOT NULL, 
	kind TEXT NOT NULL, 
	approval_id TEXT NOT NULL, 
	content TEXT NOT NULL, 
	prev_hash TEXT NOT NULL, 
	hash TEXT NOT NULL, 
	PRIMARY KEY (seq)
);
INSERT INTO "chain" VALUES(1,1763772000000,'asked','a-0001','{"approval_id":"a-0001","asked_by":"tester","asked_ms":1763772000000,"at_ms":1763772000000,"decided_by":null,"decided_ms":null,"digest":"a1a99a242ab58a5eb9bb98fae944a3dca6b31c2a7e4cf5e32320b0edb3b14397","expires_ms":null,"kind":"asked","means":null,"plan_id":"p-0001","said":"c3a310bc2a4f31ef2a14e578090bcd65fc95dc82c1eed42ac8c1b35d37dd7789","seq":1,"shown":"c3a310bc2a4f31ef2a14e578090bcd65fc95dc82c1eed42ac8c1b35d37dd7789","state":"PENDING","used_by":null,"what":"plan"}','0000000000000000000000000000000000000000000000000000000000000000','508968bafc1087e9b7729a543e974ab43be91521cd59913b3b2a5acde8f27a13');
INSERT INTO "chain" VALUES(2,1763772000000,'decided','a-0001','{"approval_id":"a-0001","at_ms":1763772000000,"decided_by":"tester","decided_ms":1763772000000,"kind":"decided","means":"code","said":"c3a310bc2a4f31ef2a14e578090bcd65fc95dc82c1eed42ac8c1b35d37dd7789","seq":2,"state":"APPROVED"}','508968bafc1087e9b7729a543e974ab43be91521cd59913b3b2a5acde8f27a13','407eda7ff566e89a0079bd048bb7130c99d66f85227b3a6d3d76fae1e5809bd3');
INSERT INTO "chain" VALUES(3,1763772000000,'used','a-0001','{"approval_id":"a-0001","at_ms":1763772000000,"kind":"used","seq":3,"used_by":"r-0001"}','407eda7ff566e89a0079bd048bb7130c99d66f85227b3a6d3d76fae1e5809bd3','43a3ee8806ad42af8a5c58e489b03188c93385effc798572b6178cf9d6adc24f');
INSERT INTO "chain" VALUES(4,1763775721000,'asked','a-0002','{"approval_id":"a-0002","asked_by":"tester","asked_ms":1763775721000,"at_ms":1763775721000,"decided_by":null,"decided_ms":null,"digest":"b83bebb12eac0c0393532d2b79cf475650055229903e566bb7a62d9484922f4e","expires_ms":null,"kind":"asked","means":null,"plan_id":"p-0002","said":"c3a310bc2a4f31ef2a14e578090bcd65fc95dc82c1eed42ac8c1b35d37dd7789","seq":4,"shown":"c3a310bc2a4f31ef2a14e578090bcd65fc95dc82c1eed42ac8c1b35d37dd7789","state":"PENDING","used_by":null,"what":"plan"}','43a3ee8806ad42af8a5c58e489b03188c93385effc798572b6178cf9d6adc24f','ad7db59eccab7a2dd333cf9c76f83fd59ac145d34df473587ee5e2a4612093db');
INSERT INTO "chain" VALUES(5,1763775721000,'decided','a-0002','{"approval_id":"a-0002","at_ms":1763775721000,"decided_by":"tester","decided_ms":1763775721000,"kind":"decided","means":"code","said":"c3a310bc2a4f31ef2a14e578090bcd65fc95dc82c1eed42ac8c1b35d37dd7789","seq":5,"state":"APPROVED"}','ad7db59eccab7a2dd333cf9c76f83fd59ac145d34df473587ee5e2a4612093db','678cd9c55e5e3aa7427cab2b57eb57861248f296e5f3fefc71f3e810a88a0c7e');
INSERT INTO "chain" VALUES(6,1763775721000,'used','a-0002','{"approval_id":"a-0002","at_ms":1763775721000,"kind":"used","seq":6,"used_by":"r-0002"}','678cd9c55e5e3aa7427cab2b57eb57861248f296e5f3fefc71f3e810a88a0c7e','654d5513314a3da9342f23752a9286a414097d10dc4d77eeb71a1b0d53512cd5');
INSERT INTO "chain" VALUES(7,1763775722000,'asked','a-0003','{"approval_id":"a-0003","asked_by":"tester","asked_ms":1763775722000,"at_ms":1763775722000,"decided_by":null,"decided_ms":null,"digest":"c351d7f53b7d7370ff9b4a6524bcae11a31c58fdc13c76c78a6df845b0af4c22","expires_ms":null,"kind":"asked","means":null,"plan_id":"p-0003","said":"c3a310bc2a4f31ef2a14e578090bcd65fc95dc82c1eed42ac8c1b35d37dd7789","seq":7,"shown":"c3a310bc2a4f31ef2a14e578090bcd65fc95dc82c1eed42ac8c1b35d37dd7789","state":"PENDING","used_by":null,"what":"plan"}','654d5513314a3da9342f23752a9286a414097d10dc4d77eeb71a1b0d53512cd5','9a1ef57d52783b531a889057fa7d8105ed50a1a74bb8356d0ea964b5b5914fb0');
INSERT INTO "chain" VALUES(8,1763775722000,'decided','a-0003','{"approval_id":"a-0003","at_ms":1763775722000,"decided_by":"tester","decided_ms":1763775722000,"kind":"decided","means":"code","said":"c3a310bc2a4f31ef2a14e578090bcd65fc95dc82c1eed42ac8c1b35d37dd7789","seq":8,"state":"APPROVED"}','9a1ef57d52783b531a889057fa7d8105ed50a1a74bb8356d0ea964b5b5914fb0','6780a1d508d2f4b6a489efa70aaf52bcb7bd7dd9002e4e2b76306f9da49e8d21');
INSERT INTO "chain" VALUES(9,1763775722000,'used','a-0003','{"approval_id":"a-0003","at_ms":1763775722000,"kind":"used","seq":9,"used_by":"r-0003"}','6780a1d508d2f4b6a489efa70aaf52bcb7bd7dd9002e4e2b76306f9da49e8d21','2e1438affa040cb89577b4222cd739ac16e7db7a495d3e2b8b61105c7cffbb51');
INSERT INTO "chain" VALUES(10,1763862122000,'asked','a-0004','{"approval_id":"a-0004","asked_by":"tester","asked_ms":1763862122000,"at_ms":1763862122000,"decided_by":null,"decided_ms":null,"digest":"f3dd1d5cacfe9871505844d3ceee1c7b5aaf1d9a37c7c2a9348dbea8aab45c1f","expires_ms":null,"kind":"asked","means":null,"plan_id":"p-0004","said":"c3a310bc2a4f31ef2a14e578090bcd65fc95dc82c1eed42ac8c1b35d37dd7789","seq":10,"shown":"c3a310bc2a4f31ef2a14e578090bcd65fc95dc82c1eed42ac8c1b35d37dd7789","state":"PENDING","used_by":null,"what":"plan"}','2e1438affa040cb89577b4222cd739ac16e7db7a495d3e2b8b61105c7cffbb51','b36367e434ffa3b4aed30f5c0e1a98d5d2c32f51a6b64496c8570508020d4844');
INSERT INTO "chain" VALUES(11,1763862122000,'decided','a-0004','{"approval_id":"a-0004","at_ms":1763862122000,"decided_by":"tester","decided_ms":1763862122000,"kind":"decided","means":"code","said":"c3a310bc2a4f31ef2a14e578090bcd65fc95dc82c1eed42ac8c1b35d37dd7789","seq":11,"state":"APPROVED"}','b36367e434ffa3b4aed30f5c0e1a98d5d2c32f51a6b64496c8570508020d4844','730d4c292735b603e60776f4e7ea9cbba9e460b368275644ba7f15d7abba32c6');
INSERT INTO "chain" VALUES(12,1763862122000,'used','a-0004','{"approval_id":"a-0004","at_ms":1763862122000,"kind":"used","seq":12,"used_by":"r-0004"}','730d4c292735b603e60776f4e7ea9cbba9e460b368275644ba7f15d7abba32c6','a8902418b8cecd601b03805c1e701a51bf44ad56b83f57d96ae792e950e22251');
INSERT INTO "chain" VALUES(13,1763862122000,'asked','a-0005','{"approval_id":"a-0005","asked_by":"tester","asked_ms":1763862122000,"at_ms":1763862122000,"decided_by":null,"decided_ms":null,"digest":"727a997e881ed39fa48b1830462566513953b855d6fcef6edfefcd616618d540","expires_ms":null,"kind":"asked","means":null,"plan_id":"p-0005","said":"c3a310bc2a4f31ef2a14e578090bcd65fc95dc82c1eed42ac8c1b35d37dd7789","seq":13,"shown":"c3a310bc2a4f31ef2a14e578090bcd65fc95dc82c1eed42ac8c1b35d37dd7789","state":"PENDING","used_by":null,"what":"plan"}','a8902418b8cecd601b03805c1e701a51bf44ad56b83f57d96ae792e950e22251','85e54cf7831f21a3d0754d696220185defebd1819fb59fc725513cf753394a25');
INSERT INTO "chain" VALUES(14,1763862122000,'decided','a-0005','{"approval_id":"a-0005","at_ms":1763862122000,"decided_by":"tester","decided_ms":1763862122000,"kind":"decided","means":"code","said":"c3a310bc2a4f31ef2a14e578090bcd65fc95dc82c1eed42ac8c1b35d37dd7789","seq":14,"state":"APPROVED"}','85e54cf7831f21a3d0754d696220185defebd1819fb59fc725513cf753394a25','04986d3f464fe7263285dbec07bac1745d5b979f9b9e2d4eebbcca116a8d358a');
CREATE TABLE events (
	event_no INTEGER NOT NULL, 
	at_ms BIGINT NOT NULL, 
	run_id TEXT, 
	kind TEXT NOT NULL, 
	scope TEXT, 
	message TEXT NOT NULL, 
	PRIMARY KEY (event_no), 
	UNIQUE (kind, scope)
);
CREATE TABLE meta (
	name TEXT NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "meta" VALUES('schema_version','4');
INSERT INTO "meta" VALUES('chain_head','14:04986d3f464fe7263285dbec07bac1745d5b979f9b9e2d4eebbcca116a8d358a');
CREATE TABLE owners (
	owner_id TEXT NOT NULL, 
	run_id TEXT NOT NULL, 
	host TEXT NOT NULL, 
	pid INTEGER NOT NULL, 
	process_started TEXT NOT NULL, 
	heartbeat_ms BIGINT NOT NULL, 
	PRIMARY KEY (owner_id)
);
INSERT INTO "owners" VALUES('o-000000000005','r-0004','a-host-that-is-gone',1,'0',1763862122000);
CREATE TABLE plans (
	plan_id TEXT NOT NULL, 
	digest TEXT, 
	created_ms BIGINT NOT NULL, 
	spec TEXT NOT NULL, 
	frame_name TEXT NOT NULL, 
	row_count INTEGER, 
	cache_after_ms BIGINT DEFAULT '0' NOT NULL, 
	history_key BLOB, 
	index_names TEXT, 
	pull_no BIGINT, 
	PRIMARY KEY (plan_id)
);
INSERT INTO "plans" VALUES('p-0001','a1a99a242ab58a5eb9bb98fae944a3dca6b31c2a7e4cf5e32320b0edb3b14397',1763772000000,'{"budget_pusd":10000,"extra":{},"max_tokens":8,"model":"m","price":[1,10,"set"],"server_kind":"openai","server_url":"http://127.0.0.1:1/v1","system":null,"temperature":0.7,"template":"t","version":1}','birds',6,0,NULL,NULL,NULL);
INSERT INTO "plans" VALUES('p-0002','b83bebb12eac0c0393532d2b79cf475650055229903e566bb7a62d9484922f4e',1763775721000,'{"budget_pusd":null,"extra":{},"max_tokens":8,"model":"n","price":[1,10,"set"],"server_kind":"openai","server_url":"http://127.0.0.1:1/v1","system":null,"temperature":0.7,"template":"t","version":1}','birds',2,0,NULL,NULL,NULL);
INSERT INTO "plans" VALUES('p-0003','c351d7f53b7d7370ff9b4a6524bcae11a31c58fdc13c76c78a6df845b0af4c22',1763775722000,'{"budget_pusd":null,"extra":{},"max_tokens":8,"model":"m","price":[1,10,"set"],"server_kind":"openai","server_url":"http://127.0.0.1:1/v1","system":null,"temperature":0.7,"template":"t","version":1}','birds',2,0,NULL,NULL,NULL);
INSERT INTO "plans" VALUES('p-0004','f3dd1d5cacfe9871505844d3ceee1c7b5aaf1d9a37c7c2a9348dbea8aab45c1f',1763862122000,'{"budget_pusd":null,"extra":{},"max_tokens":8,"model":"m","price":[1,10,"set"],"server_kind":"openai","server_url":"http://127.0.0.1:1/v1","system":null,"temperature":0.7,"template":"t","version":1}','birds',3,0,NULL,NULL,NULL);
INSERT INTO "plans" VALUES('p-0005','727a997e881ed39fa48b1830462566513953b855d6fcef6edfefcd616618d540',1763862122000,'{"budget_pusd":null,"extra":{},"max_tokens":8,"model":"m","price":[1,10,"set"],"server_kind":"openai","server_url":"http://127.0.0.1:1/v1","system":null,"temperature":0.7,"template":"t","version":1}','birds',1,0,NULL,NULL,NULL);
CREATE TABLE requests (
	request_no INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	plan_id TEXT NOT NULL, 
	"key" BLOB NOT NULL, 
	prompt TEXT NOT NULL, 
	system TEXT, 
	copy INTEGER, 
	prompt_bytes INTEGER NOT NULL, 
	estimated_tokens INTEGER NOT NULL, 
	worst_case_pusd BIGINT NOT NULL, 
	state TEXT NOT NULL, 
	cached BOOLEAN NOT NULL, 
	answer_no BIGINT, 
	attempts INTEGER NOT NULL, 
	mismatches INTEGER DEFAULT '0' NOT NULL, 
	owner_id TEXT, 
	run_id TEXT, 
	day TEXT, 
	not_before_ms BIGINT NOT NULL, 
	error_kind TEXT, 
	error TEXT, 
	UNIQUE (plan_id, "key")
);
INSERT INTO "requests" VALUES(1,'p-0001',X'B29A2C1FF1443DE2E05E186A2A16B97432C775EAAB02297E6361ACC32FA8800D','robin',NULL,NULL,5,2,213,'ANSWERED',0,1,1,0,NULL,'r-0001','2025-11-22',0,NULL,NULL);
INSERT INTO "requests" VALUES(2,'p-0001',X'730816DF997E98EDF6D471D44811562B559D78E8B61B839E52BE31217A019DA1','wren',NULL,NULL,4,1,212,'ANSWERED',0,2,2,1,NULL,'r-0001','2025-11-22',0,NULL,NULL);
INSERT INTO "requests" VALUES(3,'p-0001',X'26C3289F9A75A28EF887316514E0DF614B45F2C47ADA816F57A147BACE37B39C','dodo',NULL,NULL,4,1,212,'FAILED',0,NULL,1,0,NULL,'r-0001','2025-11-22',0,'http_400','extinct');
INSERT INTO "requests" VALUES(4,'p-0001',X'2EFA8E8DC8567D7304EEA4043B8D972E1CFD1986BB5F93F6FDBA470D4D7739E1','gull',NULL,NULL,4,1,212,'ANSWERED',0,4,2,0,NULL,'r-0001','2025-11-22',0,NULL,NULL);
INSERT INTO "requests" VALUES(6,'p-0002',X'5280FF23CD6BD84F635FD8585E676534CFBDE60D5A691F837CBC9A46857E222D','wren',NULL,NULL,4,1,212,'ANSWERED',0,6,1,0,NULL,'r-0002','2025-11-22',0,NULL,NULL);
INSERT INTO "requests" VALUES(7,'p-0002',X'2EACC106548A298830AB84B970C6D633BEBCD44FEE92D1F30330590454029015','lark',NULL,NULL,4,1,212,'MAYBE_PAID',0,NULL,1,0,NULL,'r-0002','2025-11-22',0,'process_ended','the process ended before the outcome was recorded; it may have been paid');
INSERT INTO "requests" VALUES(8,'p-0003',X'730816DF997E98EDF6D471D44811562B559D78E8B61B839E52BE31217A019DA1','wren',NULL,NULL,4,1,212,'ANSWERED',1,2,0,0,NULL,NULL,NULL,0,NULL,NULL);
INSERT INTO "requests" VALUES(9,'p-0003',X'0E56C8DE15E018A1D0AF9CD60C164E8A7282D1AD28AD7A1ED6DC9C94EFA04E87','lark',NULL,NULL,4,1,212,'MAYBE_PAID',0,NULL,1,0,NULL,'r-0003','2025-11-22',0,'cancelled','cancelled before its answer came; it may have been paid');
INSERT INTO "requests" VALUES(10,'p-0004',X'B29A2C1FF1443DE2E05E186A2A16B97432C775EAAB02297E6361ACC32FA8800D','robin',NULL,NULL,5,2,213,'ANSWERED',1,1,0,0,NULL,NULL,NULL,0,NULL,NULL);
INSERT INTO "requests" VALUES(11,'p-0004',X'A44497CAB624FD52BA090A92087D670B8742E3F2E24B276334BD2038444AF817','owl',NULL,NULL,3,1,211,'LEASED',0,NULL,1,0,'o-000000000005','r-0004','2025-11-23',0,NULL,NULL);
INSERT INTO "requests" VALUES(12,'p-0004',X'7367EA53C53C7726AA760B05063295841CA0866B364B8DBD1B24B606710A630A','crow',NULL,NULL,4,1,212,'WAITING',0,NULL,0,0,NULL,NULL,NULL,0,NULL,NULL);
INSERT INTO "requests" VALUES(13,'p-0005',X'FCAE60E892C20563B610F1D91358045FEB26D579239F4F67240A027C7F081514','jay',NULL,NULL,3,1,211,'WAITING',0,NULL,0,0,NULL,NULL,NULL,0,NULL,NULL);
CREATE TABLE review_assignments (
	assignment_no INTEGER NOT NULL, 
	run_id TEXT NOT NULL, 
	reviewer TEXT NOT NULL, 
	first_position INTEGER, 
	last_position INTEGER, 
	filter TEXT, 
	assigned_by TEXT NOT NULL, 
	at_ms BIGINT NOT NULL, 
	PRIMARY KEY (assignment_no)
);
CREATE TABLE reviews (
	review_no INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	request_no BIGINT NOT NULL, 
	run_id TEXT NOT NULL, 
	position INTEGER, 
	state TEXT NOT NULL, 
	text TEXT, 
	note TEXT NOT NULL, 
	reviewer TEXT NOT NULL, 
	at_ms BIGINT NOT NULL, 
	undone BOOLEAN NOT NULL
);
CREATE TABLE rows (
	plan_id TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	label TEXT NOT NULL, 
	"key" BLOB, 
	error TEXT, 
	PRIMARY KEY (plan_id, position)
)
 WITHOUT ROWID

;
INSERT INTO "rows" VALUES('p-0001',0,'0',X'B29A2C1FF1443DE2E05E186A2A16B97432C775EAAB02297E6361ACC32FA8800D',NULL);
INSERT INTO "rows" VALUES('p-0001',1,'1',X'730816DF997E98EDF6D471D44811562B559D78E8B61B839E52BE31217A019DA1',NULL);
INSERT INTO "rows" VALUES('p-0001',2,'2',X'26C3289F9A75A28EF887316514E0DF614B45F2C47ADA816F57A147BACE37B39C',NULL);
INSERT INTO "rows" VALUES('p-0001',3,'3',X'2EFA8E8DC8567D7304EEA4043B8D972E1CFD1986BB5F93F6FDBA470D4D7739E1',NULL);
INSERT INTO "rows" VALUES('p-0001',4,'4',NULL,'no prompt');
INSERT INTO "rows" VALUES('p-0001',5,'5',X'B29A2C1FF1443DE2E05E186A2A16B97432C775EAAB02297E6361ACC32FA8800D',NULL);
INSERT INTO "rows" VALUES('p-0002',0,'0',X'5280FF23CD6BD84F635FD8585E676534CFBDE60D5A691F837CBC9A46857E222D',NULL);
INSERT INTO "rows" VALUES('p-0002',1,'1',X'2EACC106548A298830AB84B970C6D633BEBCD44FEE92D1F30330590454029015',NULL);
INSERT INTO "rows" VALUES('p-0003',0,'0',X'730816DF997E98EDF6D471D44811562B559D78E8B61B839E52BE31217A019DA1',NULL);
INSERT INTO "rows" VALUES('p-0003',1,'1',X'0E56C8DE15E018A1D0AF9CD60C164E8A7282D1AD28AD7A1ED6DC9C94EFA04E87',NULL);
INSERT INTO "rows" VALUES('p-0004',0,'0',X'B29A2C1FF1443DE2E05E186A2A16B97432C775EAAB02297E6361ACC32FA8800D',NULL);
INSERT INTO "rows" VALUES('p-0004',1,'1',X'A44497CAB624FD52BA090A92087D670B8742E3F2E24B276334BD2038444AF817',NULL);
INSERT INTO "rows" VALUES('p-0004',2,'2',X'7367EA53C53C7726AA760B05063295841CA0866B364B8DBD1B24B606710A630A',NULL);
INSERT INTO "rows" VALUES('p-0005',0,'0',X'FCAE60E892C20563B610F1D91358045FEB26D579239F4F67240A027C7F081514',NULL);
CREATE TABLE runs (
	run_id TEXT NOT NULL, 
	plan_id TEXT NOT NULL, 
	approval_id TEXT NOT NULL, 
	state TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	created_ms BIGINT NOT NULL, 
	ended_ms BIGINT, 
	active_ms BIGINT NOT NULL, 
	budget_pusd BIGINT, 
	spent_pusd BIGINT NOT NULL, 
	reserved_pusd BIGINT NOT NULL, 
	cancel_requested BOOLEAN NOT NULL, 
	PRIMARY KEY (run_id)
);
INSERT INTO "runs" VALUES('r-0001','p-0001','a-0001','PARTIAL','1 rows failed',1763772000000,1763775661000,4100,10000,332,0,0);
INSERT INTO "runs" VALUES('r-0002','p-0002','a-0002','CANCELLED','cancelled',1763775721000,1763775722000,10,NULL,242,0,0);
INSERT INTO "runs" VALUES('r-0003','p-0003','a-0003','CANCELLED','cancelled',1763775722000,1763775722000,10,NULL,212,0,0);
INSERT INTO "runs" VALUES('r-0004','p-0004','a-0004','RUNNING','',1763862122000,NULL,0,NULL,0,211,0);
CREATE TABLE watermarks (
	pull_no INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	mark_key BLOB NOT NULL, 
	place TEXT NOT NULL, 
	source TEXT NOT NULL, 
	condition TEXT, 
	column_name TEXT NOT NULL, 
	type TEXT NOT NULL, 
	value TEXT NOT NULL, 
	keys_at TEXT, 
	pulled_ms BIGINT NOT NULL, 
	moved_ms BIGINT, 
	moved_by TEXT
);
CREATE INDEX plans_by_history ON plans (history_key, created_ms);
CREATE INDEX requests_by_state ON requests (plan_id, state, request_no);
CREATE INDEX approvals_by_state ON approvals (state, asked_ms);
CREATE INDEX chain_by_approval ON chain (approval_id, seq);
CREATE INDEX attempts_by_request ON attempts (run_id, request_no);
CREATE INDEX answers_by_key ON answers ("key", answered_ms);
CREATE INDEX events_by_time ON events (at_ms);
CREATE INDEX watermarks_by_key ON watermarks (mark_key, pull_no);
CREATE INDEX reviews_by_run ON reviews (run_id, undone, review_no);
CREATE INDEX reviews_by_request ON reviews (request_no, review_no);
CREATE INDEX review_assignments_by_run ON review_assignments (run_id, reviewer);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('requests',13);
COMMIT;
