BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0003');
CREATE TABLE authorities (
	id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	root VARCHAR(64) NOT NULL, 
	issuing VARCHAR(64) NOT NULL, 
	root_key_reference VARCHAR(48) NOT NULL, 
	issuing_key_reference VARCHAR(48) NOT NULL, 
	crl_url TEXT, 
	created_at DATETIME NOT NULL, 
	crl_number INTEGER NOT NULL, 
	crl BLOB, 
	crl_next_update DATETIME, 
	CONSTRAINT pk_authorities PRIMARY KEY (id), 
	CONSTRAINT uq_authorities_name UNIQUE (name), 
	CONSTRAINT fk_authorities_root FOREIGN KEY(root) REFERENCES certificates (sha256), 
	CONSTRAINT fk_authorities_issuing FOREIGN KEY(issuing) REFERENCES certificates (sha256), 
	CONSTRAINT fk_authorities_root_key_reference FOREIGN KEY(root_key_reference) REFERENCES keys (reference), 
	CONSTRAINT fk_authorities_issuing_key_reference FOREIGN KEY(issuing_key_reference) REFERENCES keys (reference)
);
INSERT INTO "authorities" VALUES(1,'Group','1fc60308fb470dce51e1236f4702ba465eee862c9638009efbff3dcb9086aa86','c44933dd5efff361ba52e47721676bb501c11daa60edf2e4f1113ae7c3e1105a','keyring:c04a3b8daf450b739c91e9cd296784f7','keyring:f21b1ab150aa9813e302174161b3ecb9',NULL,'2026-11-20 12:00:00.000000',1,X'6C6973742031','2026-11-20 12:00:00.000000');
CREATE TABLE certificates (
	sha256 VARCHAR(64) NOT NULL, 
	der BLOB NOT NULL, 
	subject TEXT, 
	issuer TEXT, 
	not_before DATETIME, 
	not_after DATETIME, 
	first_seen DATETIME NOT NULL, 
	facts TEXT NOT NULL, 
	CONSTRAINT pk_certificates PRIMARY KEY (sha256)
);
INSERT INTO "certificates" VALUES('24400d9a583eb722d9a1bb4334a73d0d8c57c00b1da4b5a36ff31ab3c36b4b02',X'3082019B30820140A003020102021000A207555AA461E7E4675B3734EE0448300A06082A8648CE3D040302301D311B301906035504030C12466A6F72647369676E20544C532043412033301E170D3236303131303030303030305A170D3237303330373233353935395A30243122302006035504030C1931722E6E6F726477696E642D636172676F2E6578616D706C653059301306072A8648CE3D020106082A8648CE3D0301070342000452BBEBDCD87C643B9DFED65CC21B55BBE1996B47B3ECA2929D243F4C4C3D8C503F0016E6DB8304C505F5F4A8AEF08D5658618E3F6D9F9154529BC5016F29BB38A35B3059300C0603551D130101FF04023000300E0603551D0F0101FF04040302078030130603551D25040C300A06082B0601050507030130240603551D11041D301B821931722E6E6F726477696E642D636172676F2E6578616D706C65300A06082A8648CE3D0403020349003046022100EA51D14B3047721A08AE7EE67253197C37F3929510FE17DDAED70E7C55C93498022100D07CBAC62304CDD47D41B0E6E228E5B9F539362E6C51DD1E62302314942DCE95','CN=1r.nordwind-cargo.example','CN=Fjordsign TLS CA 3','2026-01-10 00:00:00.000000','2027-03-07 23:59:59.000000','2026-11-20 08:41:07.250000','{"subject":"CN=1r.nordwind-cargo.example","issuer":"CN=Fjordsign TLS CA 3","serial_number":"a207555aa461e7e4675b3734ee0448","not_before":"2026-01-10T00:00:00+00:00","not_after":"2027-03-07T23:59:59+00:00","subject_common_name":"1r.nordwind-cargo.example","subject_alt_names":["DNS:1r.nordwind-cargo.example"],"extended_key_usage":["serverAuth"],"key_usage":["digitalSignature"],"key_algorithm":"EC","key_bits":256,"signature_algorithm":"ecdsaWithSHA256"}');
INSERT INTO "certificates" VALUES('b7b25132874db9e35e466e2834f2707a51742fb913782ff46d781897cf93c9df',X'3082015C30820102A003020102021000F9CF724931C31E1EB54BD33B214CEF300A06082A8648CE3D040302301E311C301A06035504030C13466A6F72647369676E20526F6F742032303231301E170D3230303130313030303030305A170D3430303130313030303030305A301D311B301906035504030C12466A6F72647369676E20544C5320434120333059301306072A8648CE3D020106082A8648CE3D0301070342000418481DE4BABFA0CD30A3A5EAE2AA6F02D4FD39B9055B550E8CDB2AAB90131D2B4E6D0ACB048DAE5AE0DD8C7683BB6E1F1B2AA9BE0F156D01403C56CA638AEEBBA3233021300F0603551D130101FF040530030101FF300E0603551D0F0101FF040403020106300A06082A8648CE3D0403020348003045022061265CF722498E28A60E059FBE3C10226A0087D8B58EF34B76942A623F545A63022100A30DCEC98D07CF8CD43BC64FDB9C3DDDB3FEB8D8585E96AC1B8DB152F1484FEF','CN=Fjordsign TLS CA 3','CN=Fjordsign Root 2021','2020-01-01 00:00:00.000000','2040-01-01 00:00:00.000000','2026-11-20 08:41:07.250000','{"subject":"CN=Fjordsign TLS CA 3","issuer":"CN=Fjordsign Root 2021","serial_number":"f9cf724931c31e1eb54bd33b214cef","not_before":"2020-01-01T00:00:00+00:00","not_after":"2040-01-01T00:00:00+00:00","subject_common_name":"Fjordsign TLS CA 3","key_usage":["keyCertSign","cRLSign"],"is_ca":true,"key_algorithm":"EC","key_bits":256,"signature_algorithm":"ecdsaWithSHA256"}');
INSERT INTO "certificates" VALUES('0d156d4808a8e218ba8607cf9ad72fc455bc73351509a9f792d065c4bf339254',X'3082019B30820140A003020102021000E3626D3AB7EBCC79124656FCC58986300A06082A8648CE3D040302301D311B301906035504030C12466A6F72647369676E20544C532043412033301E170D3236303131303030303030305A170D3237303630353233353935395A30243122302006035504030C1931722E6E6F726477696E642D636172676F2E6578616D706C653059301306072A8648CE3D020106082A8648CE3D0301070342000452BBEBDCD87C643B9DFED65CC21B55BBE1996B47B3ECA2929D243F4C4C3D8C503F0016E6DB8304C505F5F4A8AEF08D5658618E3F6D9F9154529BC5016F29BB38A35B3059300C0603551D130101FF04023000300E0603551D0F0101FF04040302078030130603551D25040C300A06082B0601050507030130240603551D11041D301B821931722E6E6F726477696E642D636172676F2E6578616D706C65300A06082A8648CE3D0403020349003046022100C35D18842E3A3916E81D0564DFC60825465C4F55CCFB335CD0546E64D529B852022100CCB24F0763EB476B1A20BF91BFCF0D3A21C316E02C058C3D8C802C6171BEF05E','CN=1r.nordwind-cargo.example','CN=Fjordsign TLS CA 3','2026-01-10 00:00:00.000000','2027-06-05 23:59:59.000000','2026-11-20 08:41:07.250000','{"subject":"CN=1r.nordwind-cargo.example","issuer":"CN=Fjordsign TLS CA 3","serial_number":"e3626d3ab7ebcc79124656fcc58986","not_before":"2026-01-10T00:00:00+00:00","not_after":"2027-06-05T23:59:59+00:00","subject_common_name":"1r.nordwind-cargo.example","subject_alt_names":["DNS:1r.nordwind-cargo.example"],"extended_key_usage":["serverAuth"],"key_usage":["digitalSignature"],"key_algorithm":"EC","key_bits":256,"signature_algorithm":"ecdsaWithSHA256"}');
INSERT INTO "certificates" VALUES('293a495d8b47e0b4366d2dad357bbc9d02d4990ca7afaccf56aa4fba0c325c7e',X'3082018E30820135A003020102020F20C83A2A869CF6E514CE2B277589C2300A06082A8648CE3D040302301D311B301906035504030C12466A6F72647369676E20544C532043412033301E170D3236303131303030303030305A170D3236313131373233353935395A301F311D301B06035504030C1431722E7A65706879722D67732E6578616D706C653059301306072A8648CE3D020106082A8648CE3D030107034200048300215BB998DD1B12BF2CD622A8E8ABF904EFD1E9BB10147333C22EA3C5C284F95732BC8940063316A9FA60B9D1E25FCA06B604F2E784AFCAA077B8E9694BFBA3563054300C0603551D130101FF04023000300E0603551D0F0101FF04040302078030130603551D25040C300A06082B06010505070301301F0603551D1104183016821431722E7A65706879722D67732E6578616D706C65300A06082A8648CE3D04030203470030440220525EC98DBE6992FDF9D95A7E7412350B21435EBB8262251F644295A81618104D02200463A5C3124F0B2855BBF49D600FD4E4E5B2D84F2AE3D829141EBD051D0DEF39','CN=1r.zephyr-gs.example','CN=Fjordsign TLS CA 3','2026-01-10 00:00:00.000000','2026-11-17 23:59:59.000000','2026-11-20 08:41:07.250000','{"subject":"CN=1r.zephyr-gs.example","issuer":"CN=Fjordsign TLS CA 3","serial_number":"20c83a2a869cf6e514ce2b277589c2","not_before":"2026-01-10T00:00:00+00:00","not_after":"2026-11-17T23:59:59+00:00","subject_common_name":"1r.zephyr-gs.example","subject_alt_names":["DNS:1r.zephyr-gs.example"],"extended_key_usage":["serverAuth"],"key_usage":["digitalSignature"],"key_algorithm":"EC","key_bits":256,"signature_algorithm":"ecdsaWithSHA256"}');
INSERT INTO "certificates" VALUES('1fc60308fb470dce51e1236f4702ba465eee862c9638009efbff3dcb9086aa86',X'3082014F3081F5A00302010202143E9635DC50C0A3824E9E62BA8424A85B9DB05F1B300A06082A8648CE3D04030230153113301106035504030C0A47726F757020526F6F74301E170D3236303831323132303030305A170D3237303831323132303030305A30153113301106035504030C0A47726F757020526F6F743059301306072A8648CE3D020106082A8648CE3D030107034200049E62E7AF9BE7EF4D2177BCA5FE3C844D38F1C1C7D498ADD3C3262DEE23D589B51510566A70D08B5FB48C54D679F13B37EB99831F8C3DF2AA8B4DD0590A575BC5A3233021300F0603551D130101FF040530030101FF300E0603551D0F0101FF040403020106300A06082A8648CE3D04030203490030460221009695E5EC77F34B038070A5A2D3BEC81A217115403C66D3A94FA43012856E660C022100A087618815F78CDF3E5F2358E6DAE220FECBFE39914F9487F8C7534F1E14C33C','CN=Group Root','CN=Group Root','2026-08-12 12:00:00.000000','2027-08-12 12:00:00.000000','2026-11-20 12:00:00.000000','{"subject":"CN=Group Root","issuer":"CN=Group Root","serial_number":"3e9635dc50c0a3824e9e62ba8424a85b9db05f1b","not_before":"2026-08-12T12:00:00+00:00","not_after":"2027-08-12T12:00:00+00:00","subject_common_name":"Group Root","key_usage":["keyCertSign","cRLSign"],"is_ca":true,"key_algorithm":"EC","key_bits":256,"signature_algorithm":"ecdsa-with-SHA256"}');
INSERT INTO "certificates" VALUES('c44933dd5efff361ba52e47721676bb501c11daa60edf2e4f1113ae7c3e1105a',X'308201573081FEA003020102021404703934869F39079C8CCED68A633BC794861066300A06082A8648CE3D04030230153113301106035504030C0A47726F757020526F6F74301E170D3236303831323132303030305A170D3237303831323132303030305A301B3119301706035504030C1047726F75702049737375696E672043413059301306072A8648CE3D020106082A8648CE3D030107034200042F902E9ADFC60BA91325900BF618436254346751661D8C3FA94CC05132ECFCBDF223AAD27433C2BF3A505E0EAB1C21E0ABB3374159687989175BA659948EBCBEA326302430120603551D130101FF040830060101FF020100300E0603551D0F0101FF040403020106300A06082A8648CE3D0403020348003045022100DE5A4AEF821CF71C9A1A75FDD47621381E73448281B1563554106FE85314636702206C09AF5C803A39065368B8B10DC5367D4CDC5E7347DBE9B80D4B3904A980FFD2','CN=Group Issuing CA','CN=Group Root','2026-08-12 12:00:00.000000','2027-08-12 12:00:00.000000','2026-11-20 12:00:00.000000','{"subject":"CN=Group Issuing CA","issuer":"CN=Group Root","serial_number":"4703934869f39079c8cced68a633bc794861066","not_before":"2026-08-12T12:00:00+00:00","not_after":"2027-08-12T12:00:00+00:00","subject_common_name":"Group Issuing CA","key_usage":["keyCertSign","cRLSign"],"is_ca":true,"key_algorithm":"EC","key_bits":256,"signature_algorithm":"ecdsa-with-SHA256"}');
INSERT INTO "certificates" VALUES('608ae407fee79a2eb1331debc444dd1c6e42c88edb21bac48f8ea46ea77f219b',X'3082017A3082011FA003020102021407641B41C80DA4E1A24E4C36D0ABC7946E6A87EB300A06082A8648CE3D040302301B3119301706035504030C1047726F75702049737375696E67204341301E170D3236303831323132303030305A170D3237303831323132303030305A300F310D300B06035504030C0441434D453059301306072A8648CE3D020106082A8648CE3D030107034200046D3D38A80A2E6163A5C7B9A7D0F8F3AD5DCF2834A204276ABC9DDA9C4F94734BD101732B12140DCCE09A376D1955EC80583248D545DA8A498AC2D1C806C7C626A34D304B30240603551D11041D301B861968747470733A2F2F61636D652E6578616D706C652F41434D4530130603551D25040C300A06082B06010505070302300E0603551D0F0101FF040403020780300A06082A8648CE3D0403020349003046022100EE2CA23BFA98BF7A1C026462F7C982B4677734D6C1CE2752667F01582C3CAC73022100E34A4D33FFC65CCA46BBCBB777A6CE1BBB89A8E6A34CCEEC3CC8FAA53646BDA1','CN=ACME','CN=Group Issuing CA','2026-08-12 12:00:00.000000','2027-08-12 12:00:00.000000','2026-11-20 12:00:00.000000','{"subject":"CN=ACME","issuer":"CN=Group Issuing CA","serial_number":"7641b41c80da4e1a24e4c36d0abc7946e6a87eb","not_before":"2026-08-12T12:00:00+00:00","not_after":"2027-08-12T12:00:00+00:00","subject_common_name":"ACME","subject_alt_names":["URI:https://acme.example/ACME"],"extended_key_usage":["clientAuth"],"key_usage":["digitalSignature"],"key_algorithm":"EC","key_bits":256,"signature_algorithm":"ecdsa-with-SHA256"}');
CREATE TABLE endpoints (
	id INTEGER NOT NULL, 
	partner_id INTEGER NOT NULL, 
	protocol VARCHAR(16) NOT NULL, 
	host VARCHAR(255) NOT NULL, 
	port INTEGER NOT NULL, 
	path TEXT NOT NULL, 
	connect_address VARCHAR(255), 
	connect_port INTEGER, 
	server_name VARCHAR(255), 
	verify_name VARCHAR(255) NOT NULL, 
	alpn TEXT NOT NULL, 
	identity TEXT, 
	note TEXT NOT NULL, 
	CONSTRAINT pk_endpoints PRIMARY KEY (id), 
	CONSTRAINT fk_endpoints_partner_id FOREIGN KEY(partner_id) REFERENCES partners (id) ON DELETE CASCADE
);
INSERT INTO "endpoints" VALUES(1,1,'https','1r.nordwind-cargo.example',8443,'/NWC',NULL,NULL,'1r.nordwind-cargo.example','1r.nordwind-cargo.example','["http/1.1"]','halden','asks for a client certificate');
INSERT INTO "endpoints" VALUES(2,2,'https','1r.zephyr-gs.example',443,'/',NULL,NULL,'1r.zephyr-gs.example','1r.zephyr-gs.example','["http/1.1"]',NULL,'');
CREATE TABLE identities (
	id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	key_reference VARCHAR(48) NOT NULL, 
	added_at DATETIME NOT NULL, 
	source TEXT NOT NULL, 
	renews TEXT, 
	CONSTRAINT pk_identities PRIMARY KEY (id), 
	CONSTRAINT uq_identities_name UNIQUE (name), 
	CONSTRAINT fk_identities_key_reference FOREIGN KEY(key_reference) REFERENCES keys (reference)
);
INSERT INTO "identities" VALUES(1,'halden','keyring:1e416682c60987460c8e032eddd6f8c7','2026-11-20 12:00:00.000000','halden.p12',NULL);
CREATE TABLE identity_certificates (
	identity_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_identity_certificates PRIMARY KEY (identity_id, position), 
	CONSTRAINT fk_identity_certificates_identity_id FOREIGN KEY(identity_id) REFERENCES identities (id) ON DELETE CASCADE, 
	CONSTRAINT fk_identity_certificates_sha256 FOREIGN KEY(sha256) REFERENCES certificates (sha256)
);
INSERT INTO "identity_certificates" VALUES(1,0,'608ae407fee79a2eb1331debc444dd1c6e42c88edb21bac48f8ea46ea77f219b');
INSERT INTO "identity_certificates" VALUES(1,1,'c44933dd5efff361ba52e47721676bb501c11daa60edf2e4f1113ae7c3e1105a');
CREATE TABLE issued_certificates (
	authority_id INTEGER NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	purpose VARCHAR(8) NOT NULL, 
	issued_at DATETIME NOT NULL, 
	revoked_at DATETIME, 
	reason VARCHAR(32), 
	CONSTRAINT pk_issued_certificates PRIMARY KEY (authority_id, sha256), 
	CONSTRAINT fk_issued_certificates_authority_id FOREIGN KEY(authority_id) REFERENCES authorities (id) ON DELETE CASCADE, 
	CONSTRAINT fk_issued_certificates_sha256 FOREIGN KEY(sha256) REFERENCES certificates (sha256)
);
INSERT INTO "issued_certificates" VALUES(1,'608ae407fee79a2eb1331debc444dd1c6e42c88edb21bac48f8ea46ea77f219b','client','2026-11-20 12:00:00.000000','2026-11-20 12:00:00.000000','superseded');
CREATE TABLE keys (
	reference VARCHAR(48) NOT NULL, 
	state VARCHAR(8) NOT NULL, 
	store_title TEXT NOT NULL, 
	parts INTEGER NOT NULL, 
	algorithm VARCHAR(16) NOT NULL, 
	bits INTEGER NOT NULL, 
	curve VARCHAR(16), 
	spki_sha256 VARCHAR(64) NOT NULL, 
	created_at DATETIME NOT NULL, 
	source TEXT NOT NULL, 
	CONSTRAINT pk_keys PRIMARY KEY (reference)
);
INSERT INTO "keys" VALUES('keyring:c04a3b8daf450b739c91e9cd296784f7','active','Memory',1,'EC',256,'P-256','28e72310e0b5df91ee2068bc5e3dfaf4dd31287b5ba194c58c3f8102cc9356b3','2026-11-20 12:00:00.000000','made here');
INSERT INTO "keys" VALUES('keyring:f21b1ab150aa9813e302174161b3ecb9','active','Memory',1,'EC',256,'P-256','b04f3b3ee2b3acc05c0c1c0a0f2b35dc0417981fe8af8151e8eaa29e5b674041','2026-11-20 12:00:00.000000','made here');
INSERT INTO "keys" VALUES('keyring:1e416682c60987460c8e032eddd6f8c7','active','Memory',1,'EC',256,'P-256','ad7125830c0bef34fb1518ca7da8889da5be6f5649ad044fcdf6dd9f87f2b8fe','2026-11-20 12:00:00.000000','halden.p12');
CREATE TABLE observation_certificates (
	observation_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_observation_certificates PRIMARY KEY (observation_id, position), 
	CONSTRAINT fk_observation_certificates_observation_id FOREIGN KEY(observation_id) REFERENCES observations (id) ON DELETE CASCADE, 
	CONSTRAINT fk_observation_certificates_sha256 FOREIGN KEY(sha256) REFERENCES certificates (sha256)
);
INSERT INTO "observation_certificates" VALUES(1,0,'24400d9a583eb722d9a1bb4334a73d0d8c57c00b1da4b5a36ff31ab3c36b4b02');
INSERT INTO "observation_certificates" VALUES(1,1,'b7b25132874db9e35e466e2834f2707a51742fb913782ff46d781897cf93c9df');
INSERT INTO "observation_certificates" VALUES(2,0,'0d156d4808a8e218ba8607cf9ad72fc455bc73351509a9f792d065c4bf339254');
INSERT INTO "observation_certificates" VALUES(2,1,'b7b25132874db9e35e466e2834f2707a51742fb913782ff46d781897cf93c9df');
INSERT INTO "observation_certificates" VALUES(3,0,'293a495d8b47e0b4366d2dad357bbc9d02d4990ca7afaccf56aa4fba0c325c7e');
INSERT INTO "observation_certificates" VALUES(3,1,'b7b25132874db9e35e466e2834f2707a51742fb913782ff46d781897cf93c9df');
CREATE TABLE observations (
	id INTEGER NOT NULL, 
	endpoint_id INTEGER, 
	started_at DATETIME NOT NULL, 
	outcome VARCHAR(32) NOT NULL, 
	verdict VARCHAR(16) NOT NULL, 
	cause VARCHAR(64) NOT NULL, 
	schema_number INTEGER NOT NULL, 
	document TEXT NOT NULL, 
	CONSTRAINT pk_observations PRIMARY KEY (id), 
	CONSTRAINT fk_observations_endpoint_id FOREIGN KEY(endpoint_id) REFERENCES endpoints (id) ON DELETE CASCADE
);
INSERT INTO "observations" VALUES(1,1,'2026-11-20 08:41:07.250000','rejected_by_peer','fail','client_ca_not_trusted',1,'{"schema":1,"presented_chain":["24400d9a583eb722d9a1bb4334a73d0d8c57c00b1da4b5a36ff31ab3c36b4b02","b7b25132874db9e35e466e2834f2707a51742fb913782ff46d781897cf93c9df"],"report":{"record":{"target":{"protocol":"https","host":"1r.nordwind-cargo.example","port":443,"server_name":"1r.nordwind-cargo.example","verify_name":"1r.nordwind-cargo.example","alpn":["http/1.1"]},"started_at":"2026-11-20T08:41:07.250000+00:00","outcome":"rejected_by_peer","ended_in":"settle","identity":{"name":"halden-client-2026","sha256":"5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d"},"phases":{"resolve_ms":1.4,"connect_ms":11.9,"handshake_ms":32.6},"address":"192.0.2.41","addresses":["192.0.2.41","2001:db8::41"],"negotiated":{"version":"TLSv1.3","cipher_suite":"TLS_AES_256_GCM_SHA384","group":"X25519MLKEM768","signature_scheme":"ecdsa_secp256r1_sha256","alpn":"http/1.1"},"client_auth":{"request":{"acceptable_cas":["CN=Air Cargo Client CA,O=Meridian Trust","CN=Harbour Root G2,O=Harbour PKI,C=NL"],"signature_schemes":["ecdsa_secp256r1_sha256","rsa_pss_rsae_sha256","rsa_pkcs1_sha256"]},"sent":true,"verdict":"rejected"},"judgement":{"trusted":true,"trust_list":"Air cargo pilot list","path":["24400d9a583eb722d9a1bb4334a73d0d8c57c00b1da4b5a36ff31ab3c36b4b02","b7b25132874db9e35e466e2834f2707a51742fb913782ff46d781897cf93c9df","6f746d555f31bd76e5e29d53dd9f509c7c1205df266706c3d1ec769642bc155b"],"name_matched":true,"matched_by":"DNS:1r.nordwind-cargo.example","findings":[{"rule":"SRV-01","status":"pass","severity":"blocker","title":{"id":"The server certificate is valid."},"evidence":{"id":"It does."},"source":"RFC 5280 4.1.2.5"},{"rule":"SRV-02","status":"pass","severity":"blocker","title":{"id":"The certificate may be used by a TLS server."},"evidence":{"id":"It does."},"source":"RFC 5280 4.2.1.12"},{"rule":"SRV-03","status":"pass","severity":"blocker","title":{"id":"A name of the certificate matches."},"evidence":{"id":"It does."},"source":"RFC 9525 6"},{"rule":"CHN-01","status":"pass","severity":"blocker","title":{"id":"A path leads to a CA of the list."},"evidence":{"id":"It does."},"source":"RFC 5280 6.1"}]},"alerts":[{"direction":"received","level":"fatal","code":48,"name":"unknown_ca","at_ms":58.21}],"timeline":[{"at_ms":13.31,"direction":"out","message":"tcp_connect","bytes":0,"detail":"192.0.2.41 port 443"},{"at_ms":13.9,"direction":"out","message":"client_hello","bytes":1531,"detail":"TLS 1.2, TLS 1.3, SNI 1r.nordwind-cargo.example","fields":[["supported_versions","TLS 1.3, TLS 1.2"],["server_name","1r.nordwind-cargo.example"],["supported_groups","X25519MLKEM768, X25519, secp256r1"],["application_layer_protocol_negotiation","http/1.1"]]},{"at_ms":26.44,"direction":"in","message":"server_hello","bytes":1210,"detail":"TLS 1.3, TLS_AES_256_GCM_SHA384, X25519MLKEM768"},{"at_ms":26.44,"direction":"in","message":"change_cipher_spec","bytes":1},{"at_ms":26.44,"direction":"in","message":"encrypted_extensions","bytes":15,"detail":"ALPN http/1.1","encrypted":true},{"at_ms":26.44,"direction":"in","message":"certificate_request","bytes":188,"detail":"2 CA names","encrypted":true,"fields":[["signature_algorithms","ecdsa_secp256r1_sha256, rsa_pss_rsae_sha256"],["certificate_authorities","CN=Air Cargo Client CA,O=Meridian Trust"],["certificate_authorities","CN=Harbour Root G2,O=Harbour PKI,C=NL"]]},{"at_ms":27.02,"direction":"in","message":"certificate","bytes":1122,"detail":"2 certificates","encrypted":true},{"at_ms":27.02,"direction":"in","message":"certificate_verify","bytes":79,"detail":"ecdsa_secp256r1_sha256","encrypted":true},{"at_ms":27.02,"direction":"in","message":"finished","bytes":52,"encrypted":true},{"at_ms":45.81,"direction":"out","message":"change_cipher_spec","bytes":1},{"at_ms":45.81,"direction":"out","message":"certificate","bytes":1088,"detail":"2 certificates","encrypted":true},{"at_ms":45.81,"direction":"out","message":"certificate_verify","bytes":264,"detail":"rsa_pss_rsae_sha256","encrypted":true},{"at_ms":45.81,"direction":"out","message":"finished","bytes":52,"encrypted":true},{"at_ms":58.21,"direction":"in","message":"alert","bytes":2,"detail":"fatal, unknown_ca (48)","encrypted":true,"fields":[["level","fatal"],["description","unknown_ca (48)"]]},{"at_ms":58.4,"direction":"in","message":"tcp_close","bytes":0}],"stopped_by":"alert","error":{"id":"The partner ended the handshake with the alert {alert}.","params":[["alert","unknown_ca"]]},"error_detail":"[(''SSL routines'', '''', ''tlsv1 alert unknown ca'')]"},"findings":[{"rule":"SRV-01","status":"pass","severity":"blocker","title":{"id":"The server certificate is valid."},"evidence":{"id":"It does."},"source":"RFC 5280 4.1.2.5"},{"rule":"SRV-02","status":"pass","severity":"blocker","title":{"id":"The certificate may be used by a TLS server."},"evidence":{"id":"It does."},"source":"RFC 5280 4.2.1.12"},{"rule":"SRV-03","status":"pass","severity":"blocker","title":{"id":"A name of the certificate matches."},"evidence":{"id":"It does."},"source":"RFC 9525 6"},{"rule":"CHN-01","status":"pass","severity":"blocker","title":{"id":"A path leads to a CA of the list."},"evidence":{"id":"It does."},"source":"RFC 5280 6.1"}],"verdict":"fail","explanation":{"cause":"client_ca_not_trusted","responsible":"partner","headline":{"id":"Partner rejected our certificate: most likely its issuer is not on their list."},"action":{"id":"Add {ca} to the CAs accepted for client certificates, then reload.","params":[["ca","Halden Client CA 2"]]},"evidence":[{"id":"Alert {alert} came back {ms} ms after our Finished.","params":[["alert","unknown_ca"],["ms",12.4]]},{"id":"{ca} is not among their {count} CA names.","params":[["ca","Halden Client CA 2"],["count",2]]}]}}}');
INSERT INTO "observations" VALUES(2,1,'2026-11-20 08:41:07.250000','accepted','pass','none',1,'{"schema":1,"presented_chain":["0d156d4808a8e218ba8607cf9ad72fc455bc73351509a9f792d065c4bf339254","b7b25132874db9e35e466e2834f2707a51742fb913782ff46d781897cf93c9df"],"report":{"record":{"target":{"protocol":"https","host":"1r.nordwind-cargo.example","port":443,"server_name":"1r.nordwind-cargo.example","verify_name":"1r.nordwind-cargo.example","alpn":["http/1.1"]},"started_at":"2026-11-20T08:41:07.250000+00:00","outcome":"accepted","ended_in":"done","identity":{"name":"halden-client-2026","sha256":"5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d"},"phases":{"resolve_ms":1.4,"connect_ms":11.9,"handshake_ms":32.6,"settle_ms":12.0,"first_byte_ms":9.7},"address":"192.0.2.41","addresses":["192.0.2.41","2001:db8::41"],"negotiated":{"version":"TLSv1.3","cipher_suite":"TLS_AES_256_GCM_SHA384","group":"X25519MLKEM768","signature_scheme":"ecdsa_secp256r1_sha256","alpn":"http/1.1"},"client_auth":{"request":{"acceptable_cas":["CN=Air Cargo Client CA,O=Meridian Trust","CN=Harbour Root G2,O=Harbour PKI,C=NL"],"signature_schemes":["ecdsa_secp256r1_sha256","rsa_pss_rsae_sha256","rsa_pkcs1_sha256"]},"sent":true,"verdict":"accepted"},"judgement":{"trusted":true,"trust_list":"Air cargo pilot list","path":["0d156d4808a8e218ba8607cf9ad72fc455bc73351509a9f792d065c4bf339254","b7b25132874db9e35e466e2834f2707a51742fb913782ff46d781897cf93c9df","6f746d555f31bd76e5e29d53dd9f509c7c1205df266706c3d1ec769642bc155b"],"name_matched":true,"matched_by":"DNS:1r.nordwind-cargo.example","findings":[{"rule":"SRV-01","status":"pass","severity":"blocker","title":{"id":"The server certificate is valid."},"evidence":{"id":"It does."},"source":"RFC 5280 4.1.2.5"},{"rule":"SRV-02","status":"pass","severity":"blocker","title":{"id":"The certificate may be used by a TLS server."},"evidence":{"id":"It does."},"source":"RFC 5280 4.2.1.12"},{"rule":"SRV-03","status":"pass","severity":"blocker","title":{"id":"A name of the certificate matches."},"evidence":{"id":"It does."},"source":"RFC 9525 6"},{"rule":"CHN-01","status":"pass","severity":"blocker","title":{"id":"A path leads to a CA of the list."},"evidence":{"id":"It does."},"source":"RFC 5280 6.1"}]},"timeline":[{"at_ms":13.31,"direction":"out","message":"tcp_connect","bytes":0,"detail":"192.0.2.41 port 443"},{"at_ms":13.9,"direction":"out","message":"client_hello","bytes":1531,"detail":"TLS 1.2, TLS 1.3, SNI 1r.nordwind-cargo.example","fields":[["supported_versions","TLS 1.3, TLS 1.2"],["server_name","1r.nordwind-cargo.example"],["supported_groups","X25519MLKEM768, X25519, secp256r1"],["application_layer_protocol_negotiation","http/1.1"]]},{"at_ms":26.44,"direction":"in","message":"server_hello","bytes":1210,"detail":"TLS 1.3, TLS_AES_256_GCM_SHA384, X25519MLKEM768"},{"at_ms":26.44,"direction":"in","message":"change_cipher_spec","bytes":1},{"at_ms":26.44,"direction":"in","message":"encrypted_extensions","bytes":15,"detail":"ALPN http/1.1","encrypted":true},{"at_ms":26.44,"direction":"in","message":"certificate_request","bytes":188,"detail":"2 CA names","encrypted":true,"fields":[["signature_algorithms","ecdsa_secp256r1_sha256, rsa_pss_rsae_sha256"],["certificate_authorities","CN=Air Cargo Client CA,O=Meridian Trust"],["certificate_authorities","CN=Harbour Root G2,O=Harbour PKI,C=NL"]]},{"at_ms":27.02,"direction":"in","message":"certificate","bytes":1122,"detail":"2 certificates","encrypted":true},{"at_ms":27.02,"direction":"in","message":"certificate_verify","bytes":79,"detail":"ecdsa_secp256r1_sha256","encrypted":true},{"at_ms":27.02,"direction":"in","message":"finished","bytes":52,"encrypted":true},{"at_ms":45.81,"direction":"out","message":"change_cipher_spec","bytes":1},{"at_ms":45.81,"direction":"out","message":"certificate","bytes":1088,"detail":"2 certificates","encrypted":true},{"at_ms":45.81,"direction":"out","message":"certificate_verify","bytes":264,"detail":"rsa_pss_rsae_sha256","encrypted":true},{"at_ms":45.81,"direction":"out","message":"finished","bytes":52,"encrypted":true},{"at_ms":59.02,"direction":"in","message":"new_session_ticket","bytes":234,"detail":"lifetime 7200 s","encrypted":true},{"at_ms":70.11,"direction":"out","message":"http_request","bytes":118,"detail":"GET /","encrypted":true},{"at_ms":79.84,"direction":"in","message":"http_response","bytes":412,"detail":"HTTP 401","encrypted":true},{"at_ms":80.02,"direction":"out","message":"alert","bytes":2,"detail":"warning, close_notify","encrypted":true}],"http":{"status":401,"content_type":"application/ld+json","server":"nginx"}},"findings":[{"rule":"SRV-01","status":"pass","severity":"blocker","title":{"id":"The server certificate is valid."},"evidence":{"id":"It does."},"source":"RFC 5280 4.1.2.5"},{"rule":"SRV-02","status":"pass","severity":"blocker","title":{"id":"The certificate may be used by a TLS server."},"evidence":{"id":"It does."},"source":"RFC 5280 4.2.1.12"},{"rule":"SRV-03","status":"pass","severity":"blocker","title":{"id":"A name of the certificate matches."},"evidence":{"id":"It does."},"source":"RFC 9525 6"},{"rule":"CHN-01","status":"pass","severity":"blocker","title":{"id":"A path leads to a CA of the list."},"evidence":{"id":"It does."},"source":"RFC 5280 6.1"}],"verdict":"pass","explanation":{"cause":"none","responsible":"nobody","headline":{"id":"The handshake was accepted, and the answer proves it."},"action":null,"evidence":[{"id":"HTTP {status} came back {ms} ms after the request.","params":[["status",401],["ms",9.7]]}]}}}');
INSERT INTO "observations" VALUES(3,2,'2026-11-20 08:41:07.250000','untrusted_peer','fail','server_cert_expired',1,'{"schema":1,"presented_chain":["293a495d8b47e0b4366d2dad357bbc9d02d4990ca7afaccf56aa4fba0c325c7e","b7b25132874db9e35e466e2834f2707a51742fb913782ff46d781897cf93c9df"],"report":{"record":{"target":{"protocol":"https","host":"1r.zephyr-gs.example","port":443,"server_name":"1r.zephyr-gs.example","verify_name":"1r.zephyr-gs.example","alpn":["http/1.1"]},"started_at":"2026-11-20T08:41:07.250000+00:00","outcome":"untrusted_peer","ended_in":"done","identity":{"name":"halden-client-2026","sha256":"5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d"},"phases":{"resolve_ms":1.4,"connect_ms":11.9,"handshake_ms":32.6,"settle_ms":12.0,"first_byte_ms":9.7},"address":"192.0.2.41","addresses":["192.0.2.41","2001:db8::41"],"negotiated":{"version":"TLSv1.3","cipher_suite":"TLS_AES_256_GCM_SHA384","group":"X25519MLKEM768","signature_scheme":"ecdsa_secp256r1_sha256","alpn":"http/1.1"},"client_auth":{"requested":"optional","request":{"acceptable_cas":["CN=Air Cargo Client CA,O=Meridian Trust","CN=Harbour Root G2,O=Harbour PKI,C=NL"],"signature_schemes":["ecdsa_secp256r1_sha256","rsa_pss_rsae_sha256","rsa_pkcs1_sha256"]}},"judgement":{"trusted":false,"trust_list":"Air cargo pilot list","path":["293a495d8b47e0b4366d2dad357bbc9d02d4990ca7afaccf56aa4fba0c325c7e","b7b25132874db9e35e466e2834f2707a51742fb913782ff46d781897cf93c9df","6f746d555f31bd76e5e29d53dd9f509c7c1205df266706c3d1ec769642bc155b"],"name_matched":true,"findings":[{"rule":"SRV-01","status":"fail","severity":"blocker","title":{"id":"The server certificate is valid."},"evidence":{"id":"It expired on {not_after}.","params":[["not_after",{"instant":"2026-11-17T08:45:00+00:00"}]]},"source":"RFC 5280 4.1.2.5","remedy":{"id":"Install the renewed certificate and reload the server."}},{"rule":"SRV-02","status":"pass","severity":"blocker","title":{"id":"The certificate may be used by a TLS server."},"evidence":{"id":"It does."},"source":"RFC 5280 4.2.1.12"},{"rule":"SRV-03","status":"pass","severity":"blocker","title":{"id":"A name of the certificate matches."},"evidence":{"id":"It does."},"source":"RFC 9525 6"},{"rule":"CHN-01","status":"pass","severity":"blocker","title":{"id":"A path leads to a CA of the list."},"evidence":{"id":"It does."},"source":"RFC 5280 6.1"}],"faults":["expired"],"opinion":"validation failed: candidates exhausted"},"timeline":[{"at_ms":13.31,"direction":"out","message":"tcp_connect","bytes":0,"detail":"192.0.2.41 port 443"},{"at_ms":13.9,"direction":"out","message":"client_hello","bytes":1531,"detail":"TLS 1.2, TLS 1.3, SNI 1r.zephyr-gs.example","fields":[["supported_versions","TLS 1.3, TLS 1.2"],["server_name","1r.zephyr-gs.example"],["supported_groups","X25519MLKEM768, X25519, secp256r1"],["application_layer_protocol_negotiation","http/1.1"]]},{"at_ms":26.44,"direction":"in","message":"server_hello","bytes":1210,"detail":"TLS 1.3, TLS_AES_256_GCM_SHA384, X25519MLKEM768"},{"at_ms":26.44,"direction":"in","message":"change_cipher_spec","bytes":1},{"at_ms":26.44,"direction":"in","message":"encrypted_extensions","bytes":15,"detail":"ALPN http/1.1","encrypted":true},{"at_ms":26.44,"direction":"in","message":"certificate_request","bytes":188,"detail":"2 CA names","encrypted":true,"fields":[["signature_algorithms","ecdsa_secp256r1_sha256, rsa_pss_rsae_sha256"],["certificate_authorities","CN=Air Cargo Client CA,O=Meridian Trust"],["certificate_authorities","CN=Harbour Root G2,O=Harbour PKI,C=NL"]]},{"at_ms":27.02,"direction":"in","message":"certificate","bytes":1122,"detail":"2 certificates","encrypted":true},{"at_ms":27.02,"direction":"in","message":"certificate_verify","bytes":79,"detail":"ecdsa_secp256r1_sha256","encrypted":true},{"at_ms":27.02,"direction":"in","message":"finished","bytes":52,"encrypted":true},{"at_ms":45.81,"direction":"out","message":"change_cipher_spec","bytes":1},{"at_ms":45.81,"direction":"out","message":"certificate","bytes":1088,"detail":"2 certificates","encrypted":true},{"at_ms":45.81,"direction":"out","message":"certificate_verify","bytes":264,"detail":"rsa_pss_rsae_sha256","encrypted":true},{"at_ms":45.81,"direction":"out","message":"finished","bytes":52,"encrypted":true},{"at_ms":59.02,"direction":"in","message":"new_session_ticket","bytes":234,"detail":"lifetime 7200 s","encrypted":true},{"at_ms":70.11,"direction":"out","message":"http_request","bytes":118,"detail":"GET /","encrypted":true},{"at_ms":79.84,"direction":"in","message":"http_response","bytes":412,"detail":"HTTP 401","encrypted":true},{"at_ms":80.02,"direction":"out","message":"alert","bytes":2,"detail":"warning, close_notify","encrypted":true}],"http":{"status":401,"content_type":"application/ld+json","server":"nginx"}},"findings":[{"rule":"SRV-01","status":"fail","severity":"blocker","title":{"id":"The server certificate is valid."},"evidence":{"id":"It expired on {not_after}.","params":[["not_after",{"instant":"2026-11-17T08:45:00+00:00"}]]},"source":"RFC 5280 4.1.2.5","remedy":{"id":"Install the renewed certificate and reload the server."}},{"rule":"SRV-02","status":"pass","severity":"blocker","title":{"id":"The certificate may be used by a TLS server."},"evidence":{"id":"It does."},"source":"RFC 5280 4.2.1.12"},{"rule":"SRV-03","status":"pass","severity":"blocker","title":{"id":"A name of the certificate matches."},"evidence":{"id":"It does."},"source":"RFC 9525 6"},{"rule":"CHN-01","status":"pass","severity":"blocker","title":{"id":"A path leads to a CA of the list."},"evidence":{"id":"It does."},"source":"RFC 5280 6.1"}],"verdict":"fail","explanation":{"cause":"server_cert_expired","responsible":"partner","headline":{"id":"The partner''s server certificate expired {days} days ago.","params":[["days",3]]},"action":{"id":"The partner has to install the renewed certificate and reload the server."},"evidence":[{"id":"notAfter is {not_after}.","params":[["not_after",{"instant":"2026-11-17T08:45:00+00:00"}]]}]}}}');
INSERT INTO "observations" VALUES(4,NULL,'2026-11-20 08:41:07.250000','not_reached','fail','connection_refused',1,'{"schema":1,"presented_chain":[],"report":{"record":{"target":{"protocol":"https","host":"1r.aurelia.example","port":443,"server_name":"1r.aurelia.example","verify_name":"1r.aurelia.example","alpn":["http/1.1"]},"started_at":"2026-11-20T08:41:07.250000+00:00","outcome":"not_reached","ended_in":"connect","phases":{"resolve_ms":1.4},"addresses":["192.0.2.41"],"stopped_by":"refused","error":{"id":"Nothing listens on {address} port {port}.","params":[["address","192.0.2.41"],["port",443]]}},"findings":[],"verdict":"fail","explanation":{"cause":"connection_refused","responsible":"network","headline":{"id":"Nothing listens on {address} port {port}.","params":[["address","192.0.2.41"],["port",443]]},"action":{"id":"Check the port, then ask the partner whether the service runs."},"evidence":[{"id":"The connection was refused after {ms} ms.","params":[["ms",12.1]]}]}}}');
CREATE TABLE partners (
	id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	CONSTRAINT pk_partners PRIMARY KEY (id), 
	CONSTRAINT uq_partners_name UNIQUE (name)
);
INSERT INTO "partners" VALUES(1,'Nordwind Cargo');
INSERT INTO "partners" VALUES(2,'Zephyr');
CREATE TABLE requests (
	id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	purpose VARCHAR(8) NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	der BLOB NOT NULL, 
	key_reference VARCHAR(48), 
	spki_sha256 VARCHAR(64) NOT NULL, 
	created_at DATETIME NOT NULL, 
	partner TEXT, 
	renews TEXT, 
	certificate VARCHAR(64), 
	identity TEXT, 
	CONSTRAINT pk_requests PRIMARY KEY (id), 
	CONSTRAINT fk_requests_key_reference FOREIGN KEY(key_reference) REFERENCES keys (reference), 
	CONSTRAINT fk_requests_certificate FOREIGN KEY(certificate) REFERENCES certificates (sha256)
);
INSERT INTO "requests" VALUES(1,'halden 2027','client','requested',X'3082012A3081D1020100300F310D300B06035504030C0441434D453059301306072A8648CE3D020106082A8648CE3D030107034200046D3D38A80A2E6163A5C7B9A7D0F8F3AD5DCF2834A204276ABC9DDA9C4F94734BD101732B12140DCCE09A376D1955EC80583248D545DA8A498AC2D1C806C7C626A060305E06092A864886F70D01090E3151304F30280603551D110421301F861D68747470733A2F2F31722E636172676F2E6578616D706C652F41434D45300E0603551D0F0101FF04040302078030130603551D25040C300A06082B06010505070302300A06082A8648CE3D0403020348003045022100A8F1EC60A8EABACC310D84CA4FFDE22B5568777D37E3E0B7513F75761FE40115022009E8CC2B6FE35B7FD7DB90FC1F41328B6736168513DC04E75355F44E5F564CFE','keyring:1e416682c60987460c8e032eddd6f8c7','ad7125830c0bef34fb1518ca7da8889da5be6f5649ad044fcdf6dd9f87f2b8fe','2026-11-20 12:00:00.000000','Nordwind Cargo','halden',NULL,NULL);
CREATE TABLE revocation_lists (
	sha256 VARCHAR(64) NOT NULL, 
	issuer TEXT, 
	scope TEXT NOT NULL, 
	number TEXT, 
	this_update DATETIME, 
	next_update DATETIME, 
	signer VARCHAR(64), 
	source TEXT NOT NULL, 
	kept_at DATETIME NOT NULL, 
	size INTEGER NOT NULL, 
	der BLOB NOT NULL, 
	CONSTRAINT pk_revocation_lists PRIMARY KEY (sha256)
);
INSERT INTO "revocation_lists" VALUES('a330395cc0a53ad1207736546afff4735940937564bbf75ce1edad40780d9139','CN=Issuing','','1267650600228229401496703205376','2026-11-20 12:00:00.000000',NULL,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','issuing.crl','2026-11-20 12:00:00.000000',4,X'6C697374');
CREATE TABLE workspace_ids (
	name VARCHAR(16) NOT NULL, 
	value VARCHAR(32) NOT NULL, 
	CONSTRAINT pk_workspace_ids PRIMARY KEY (name)
);
INSERT INTO "workspace_ids" VALUES('key_store','f11a325bdcd9514d857350b72ed08bc3');
INSERT INTO "workspace_ids" VALUES('last_in_keyring','2026-11-20T12:00:00+00:00');
CREATE INDEX ix_endpoints_partner_id ON endpoints (partner_id);
CREATE INDEX ix_certificates_not_after ON certificates (not_after);
CREATE INDEX ix_observations_endpoint_id_started_at_id ON observations (endpoint_id, started_at, id);
CREATE INDEX ix_observation_certificates_sha256 ON observation_certificates (sha256);
CREATE INDEX ix_keys_spki_sha256 ON keys (spki_sha256);
CREATE INDEX ix_identities_key_reference ON identities (key_reference);
CREATE INDEX ix_identity_certificates_sha256 ON identity_certificates (sha256);
CREATE INDEX ix_requests_key_reference ON requests (key_reference);
CREATE INDEX ix_requests_spki_sha256 ON requests (spki_sha256);
COMMIT;
