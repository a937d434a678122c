BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0004');
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
INSERT INTO "certificates" VALUES('cb366c60a744f284802e86532b7523f8507f653be7ad216b4e7d9d2181b2f7b0',X'3082018C30820133A003020102020F2EE1896BAF77A37AC4F0B4A72365C9300A06082A8648CE3D040302301D311B301906035504030C12466A6F72647369676E20544C532043412033301E170D3236303131303030303030305A170D3237303630353233353935395A301E311C301A06035504030C1331722E74616D6172696E642E6578616D706C653059301306072A8648CE3D020106082A8648CE3D030107034200047FCE9956AF294838C4BD65A5758E070FC53C76277C161CDD38F6C8951B2F2FCB8E454F393D42E8FF9C904740D33D7A57D5C766A1A6B89A9EECE1E3B409FC5DC8A3553053300C0603551D130101FF04023000300E0603551D0F0101FF04040302078030130603551D25040C300A06082B06010505070301301E0603551D1104173015821331722E74616D6172696E642E6578616D706C65300A06082A8648CE3D04030203470030440220407C19FE7F72680062B59E0B5E01CF9EB8DF35B3ACCE1E164C541E4975CD379802200AAEE00570C87DAE1157310AE9419F9DCA738C50335C519418B00792C3BD89C3','CN=1r.tamarind.example','CN=Fjordsign TLS CA 3','2026-01-10 00:00:00.000000','2027-06-05 23:59:59.000000','2026-11-20 09:41:07.250000','{"subject":"CN=1r.tamarind.example","issuer":"CN=Fjordsign TLS CA 3","serial_number":"2ee1896baf77a37ac4f0b4a72365c9","not_before":"2026-01-10T00:00:00+00:00","not_after":"2027-06-05T23:59:59+00:00","subject_common_name":"1r.tamarind.example","subject_alt_names":["DNS:1r.tamarind.example"],"extended_key_usage":["serverAuth"],"key_usage":["digitalSignature"],"key_algorithm":"EC","key_bits":256,"signature_algorithm":"ecdsaWithSHA256"}');
INSERT INTO "certificates" VALUES('293a495d8b47e0b4366d2dad357bbc9d02d4990ca7afaccf56aa4fba0c325c7e',X'3082018E30820135A003020102020F20C83A2A869CF6E514CE2B277589C2300A06082A8648CE3D040302301D311B301906035504030C12466A6F72647369676E20544C532043412033301E170D3236303131303030303030305A170D3236313131373233353935395A301F311D301B06035504030C1431722E7A65706879722D67732E6578616D706C653059301306072A8648CE3D020106082A8648CE3D030107034200048300215BB998DD1B12BF2CD622A8E8ABF904EFD1E9BB10147333C22EA3C5C284F95732BC8940063316A9FA60B9D1E25FCA06B604F2E784AFCAA077B8E9694BFBA3563054300C0603551D130101FF04023000300E0603551D0F0101FF04040302078030130603551D25040C300A06082B06010505070301301F0603551D1104183016821431722E7A65706879722D67732E6578616D706C65300A06082A8648CE3D04030203470030440220525EC98DBE6992FDF9D95A7E7412350B21435EBB8262251F644295A81618104D02200463A5C3124F0B2855BBF49D600FD4E4E5B2D84F2AE3D829141EBD051D0DEF39','CN=1r.zephyr-gs.example','CN=Fjordsign TLS CA 3','2026-01-10 00:00:00.000000','2026-11-17 23:59:59.000000','2026-11-20 08:41:07.250000','{"subject":"CN=1r.zephyr-gs.example","issuer":"CN=Fjordsign TLS CA 3","serial_number":"20c83a2a869cf6e514ce2b277589c2","not_before":"2026-01-10T00:00:00+00:00","not_after":"2026-11-17T23:59:59+00:00","subject_common_name":"1r.zephyr-gs.example","subject_alt_names":["DNS:1r.zephyr-gs.example"],"extended_key_usage":["serverAuth"],"key_usage":["digitalSignature"],"key_algorithm":"EC","key_bits":256,"signature_algorithm":"ecdsaWithSHA256"}');
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
INSERT INTO "endpoints" VALUES(3,3,'amqps','1r.umbra.example',5671,'/',NULL,NULL,'1r.umbra.example','1r.umbra.example','[]',NULL,'');
CREATE TABLE fingerprint_decisions (
	endpoint_id INTEGER NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	accepted BOOLEAN NOT NULL, 
	decided_at DATETIME NOT NULL, 
	CONSTRAINT pk_fingerprint_decisions PRIMARY KEY (endpoint_id, sha256), 
	CONSTRAINT fk_fingerprint_decisions_endpoint_id FOREIGN KEY(endpoint_id) REFERENCES endpoints (id) ON DELETE CASCADE
);
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
CREATE TABLE identity_certificates (
	identity_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_identity_certificates PRIMARY KEY (identity_id, position), 
	CONSTRAINT fk_identity_certificates_identity_id FOREIGN KEY(identity_id) REFERENCES identities (id) ON DELETE CASCADE, 
	CONSTRAINT fk_identity_certificates_sha256 FOREIGN KEY(sha256) REFERENCES certificates (sha256)
);
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
CREATE TABLE local_decisions (
	sha256 VARCHAR(64) NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	spki_sha256 VARCHAR(64), 
	decided_at DATETIME NOT NULL, 
	document TEXT NOT NULL, 
	seal VARCHAR(64), 
	CONSTRAINT pk_local_decisions PRIMARY KEY (sha256, kind)
);
INSERT INTO "local_decisions" VALUES('efefefefefefefefefefefefefefefefefefefefefefefefefefefefefefefef','distrust','1212121212121212121212121212121212121212121212121212121212121212','2026-11-20 08:41:07.250000','{"at":"2026-11-20T08:41:07.250000+00:00","by":"ada","kind":"distrust","reason":"its key is out","sha256":"efefefefefefefefefefefefefefefefefefefefefefefefefefefefefefefef","spki_sha256":"1212121212121212121212121212121212121212121212121212121212121212","subject":"CN=Fjordsign Root 2021"}',NULL);
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
INSERT INTO "observation_certificates" VALUES(2,0,'cb366c60a744f284802e86532b7523f8507f653be7ad216b4e7d9d2181b2f7b0');
INSERT INTO "observation_certificates" VALUES(2,1,'b7b25132874db9e35e466e2834f2707a51742fb913782ff46d781897cf93c9df');
INSERT INTO "observation_certificates" VALUES(4,0,'cb366c60a744f284802e86532b7523f8507f653be7ad216b4e7d9d2181b2f7b0');
INSERT INTO "observation_certificates" VALUES(4,1,'b7b25132874db9e35e466e2834f2707a51742fb913782ff46d781897cf93c9df');
INSERT INTO "observation_certificates" VALUES(5,0,'293a495d8b47e0b4366d2dad357bbc9d02d4990ca7afaccf56aa4fba0c325c7e');
INSERT INTO "observation_certificates" VALUES(5,1,'b7b25132874db9e35e466e2834f2707a51742fb913782ff46d781897cf93c9df');
INSERT INTO "observation_certificates" VALUES(6,0,'293a495d8b47e0b4366d2dad357bbc9d02d4990ca7afaccf56aa4fba0c325c7e');
INSERT INTO "observation_certificates" VALUES(6,1,'b7b25132874db9e35e466e2834f2707a51742fb913782ff46d781897cf93c9df');
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
INSERT INTO "observations" VALUES(2,1,'2026-11-20 09:41:07.250000','accepted','pass','none',1,'{"schema":1,"presented_chain":["cb366c60a744f284802e86532b7523f8507f653be7ad216b4e7d9d2181b2f7b0","b7b25132874db9e35e466e2834f2707a51742fb913782ff46d781897cf93c9df"],"report":{"record":{"target":{"protocol":"https","host":"1r.tamarind.example","port":443,"server_name":"1r.tamarind.example","verify_name":"1r.tamarind.example","alpn":["http/1.1"]},"started_at":"2026-11-20T09:41:07.250000+00:00","outcome":"accepted","ended_in":"done","identity":{"name":"halden-client-2026","sha256":"5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d"},"phases":{"resolve_ms":1.4,"connect_ms":11.9,"handshake_ms":32.6,"settle_ms":12.0,"first_byte_ms":9.7},"address":"192.0.2.41","addresses":["192.0.2.41","2001:db8::41"],"negotiated":{"version":"TLSv1.3","cipher_suite":"TLS_AES_256_GCM_SHA384","group":"X25519MLKEM768","signature_scheme":"ecdsa_secp256r1_sha256","alpn":"http/1.1"},"client_auth":{"request":{"acceptable_cas":["CN=Air Cargo Client CA,O=Meridian Trust","CN=Harbour Root G2,O=Harbour PKI,C=NL"],"signature_schemes":["ecdsa_secp256r1_sha256","rsa_pss_rsae_sha256","rsa_pkcs1_sha256"]},"sent":true,"verdict":"accepted"},"judgement":{"trusted":true,"trust_list":"Air cargo pilot list","path":["cb366c60a744f284802e86532b7523f8507f653be7ad216b4e7d9d2181b2f7b0","b7b25132874db9e35e466e2834f2707a51742fb913782ff46d781897cf93c9df","6f746d555f31bd76e5e29d53dd9f509c7c1205df266706c3d1ec769642bc155b"],"name_matched":true,"matched_by":"DNS:1r.tamarind.example","findings":[{"rule":"SRV-01","status":"pass","severity":"blocker","title":{"id":"The server certificate is valid."},"evidence":{"id":"It does."},"source":"RFC 5280 4.1.2.5"},{"rule":"SRV-02","status":"pass","severity":"blocker","title":{"id":"The certificate may be used by a TLS server."},"evidence":{"id":"It does."},"source":"RFC 5280 4.2.1.12"},{"rule":"SRV-03","status":"pass","severity":"blocker","title":{"id":"A name of the certificate matches."},"evidence":{"id":"It does."},"source":"RFC 9525 6"},{"rule":"CHN-01","status":"pass","severity":"blocker","title":{"id":"A path leads to a CA of the list."},"evidence":{"id":"It does."},"source":"RFC 5280 6.1"}]},"timeline":[{"at_ms":13.31,"direction":"out","message":"tcp_connect","bytes":0,"detail":"192.0.2.41 port 443"},{"at_ms":13.9,"direction":"out","message":"client_hello","bytes":1531,"detail":"TLS 1.2, TLS 1.3, SNI 1r.tamarind.example","fields":[["supported_versions","TLS 1.3, TLS 1.2"],["server_name","1r.tamarind.example"],["supported_groups","X25519MLKEM768, X25519, secp256r1"],["application_layer_protocol_negotiation","http/1.1"]]},{"at_ms":26.44,"direction":"in","message":"server_hello","bytes":1210,"detail":"TLS 1.3, TLS_AES_256_GCM_SHA384, X25519MLKEM768"},{"at_ms":26.44,"direction":"in","message":"change_cipher_spec","bytes":1},{"at_ms":26.44,"direction":"in","message":"encrypted_extensions","bytes":15,"detail":"ALPN http/1.1","encrypted":true},{"at_ms":26.44,"direction":"in","message":"certificate_request","bytes":188,"detail":"2 CA names","encrypted":true,"fields":[["signature_algorithms","ecdsa_secp256r1_sha256, rsa_pss_rsae_sha256"],["certificate_authorities","CN=Air Cargo Client CA,O=Meridian Trust"],["certificate_authorities","CN=Harbour Root G2,O=Harbour PKI,C=NL"]]},{"at_ms":27.02,"direction":"in","message":"certificate","bytes":1122,"detail":"2 certificates","encrypted":true},{"at_ms":27.02,"direction":"in","message":"certificate_verify","bytes":79,"detail":"ecdsa_secp256r1_sha256","encrypted":true},{"at_ms":27.02,"direction":"in","message":"finished","bytes":52,"encrypted":true},{"at_ms":45.81,"direction":"out","message":"change_cipher_spec","bytes":1},{"at_ms":45.81,"direction":"out","message":"certificate","bytes":1088,"detail":"2 certificates","encrypted":true},{"at_ms":45.81,"direction":"out","message":"certificate_verify","bytes":264,"detail":"rsa_pss_rsae_sha256","encrypted":true},{"at_ms":45.81,"direction":"out","message":"finished","bytes":52,"encrypted":true},{"at_ms":59.02,"direction":"in","message":"new_session_ticket","bytes":234,"detail":"lifetime 7200 s","encrypted":true},{"at_ms":70.11,"direction":"out","message":"http_request","bytes":118,"detail":"GET /","encrypted":true},{"at_ms":79.84,"direction":"in","message":"http_response","bytes":412,"detail":"HTTP 401","encrypted":true},{"at_ms":80.02,"direction":"out","message":"alert","bytes":2,"detail":"warning, close_notify","encrypted":true}],"http":{"status":401,"content_type":"application/ld+json","server":"nginx"}},"findings":[{"rule":"SRV-01","status":"pass","severity":"blocker","title":{"id":"The server certificate is valid."},"evidence":{"id":"It does."},"source":"RFC 5280 4.1.2.5"},{"rule":"SRV-02","status":"pass","severity":"blocker","title":{"id":"The certificate may be used by a TLS server."},"evidence":{"id":"It does."},"source":"RFC 5280 4.2.1.12"},{"rule":"SRV-03","status":"pass","severity":"blocker","title":{"id":"A name of the certificate matches."},"evidence":{"id":"It does."},"source":"RFC 9525 6"},{"rule":"CHN-01","status":"pass","severity":"blocker","title":{"id":"A path leads to a CA of the list."},"evidence":{"id":"It does."},"source":"RFC 5280 6.1"}],"verdict":"pass","explanation":{"cause":"none","responsible":"nobody","headline":{"id":"The handshake was accepted, and the answer proves it."},"action":null,"evidence":[{"id":"HTTP {status} came back {ms} ms after the request.","params":[["status",401],["ms",9.7]]}]}}}');
INSERT INTO "observations" VALUES(3,1,'2026-11-20 10:41:07.250000','not_reached','fail','connection_refused',1,'{"schema":1,"presented_chain":[],"report":{"record":{"target":{"protocol":"https","host":"1r.aurelia.example","port":443,"server_name":"1r.aurelia.example","verify_name":"1r.aurelia.example","alpn":["http/1.1"]},"started_at":"2026-11-20T10:41:07.250000+00:00","outcome":"not_reached","ended_in":"connect","phases":{"resolve_ms":1.4},"addresses":["192.0.2.41"],"stopped_by":"refused","error":{"id":"Nothing listens on {address} port {port}.","params":[["address","192.0.2.41"],["port",443]]}},"findings":[],"verdict":"fail","explanation":{"cause":"connection_refused","responsible":"network","headline":{"id":"Nothing listens on {address} port {port}.","params":[["address","192.0.2.41"],["port",443]]},"action":{"id":"Check the port, then ask the partner whether the service runs."},"evidence":[{"id":"The connection was refused after {ms} ms.","params":[["ms",12.1]]}]}}}');
INSERT INTO "observations" VALUES(4,1,'2026-11-20 11:41:07.250000','accepted','pass','none',1,'{"schema":1,"presented_chain":["cb366c60a744f284802e86532b7523f8507f653be7ad216b4e7d9d2181b2f7b0","b7b25132874db9e35e466e2834f2707a51742fb913782ff46d781897cf93c9df"],"report":{"record":{"target":{"protocol":"https","host":"1r.tamarind.example","port":443,"server_name":"1r.tamarind.example","verify_name":"1r.tamarind.example","alpn":["http/1.1"]},"started_at":"2026-11-20T11:41:07.250000+00:00","outcome":"accepted","ended_in":"done","identity":{"name":"halden-client-2026","sha256":"5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d"},"phases":{"resolve_ms":1.4,"connect_ms":11.9,"handshake_ms":32.6,"settle_ms":12.0,"first_byte_ms":9.7},"address":"192.0.2.41","addresses":["192.0.2.41","2001:db8::41"],"negotiated":{"version":"TLSv1.3","cipher_suite":"TLS_AES_256_GCM_SHA384","group":"X25519MLKEM768","signature_scheme":"ecdsa_secp256r1_sha256","alpn":"http/1.1"},"client_auth":{"request":{"acceptable_cas":["CN=Air Cargo Client CA,O=Meridian Trust","CN=Harbour Root G2,O=Harbour PKI,C=NL"],"signature_schemes":["ecdsa_secp256r1_sha256","rsa_pss_rsae_sha256","rsa_pkcs1_sha256"]},"sent":true,"verdict":"accepted"},"judgement":{"trusted":true,"trust_list":"Air cargo pilot list","path":["cb366c60a744f284802e86532b7523f8507f653be7ad216b4e7d9d2181b2f7b0","b7b25132874db9e35e466e2834f2707a51742fb913782ff46d781897cf93c9df","6f746d555f31bd76e5e29d53dd9f509c7c1205df266706c3d1ec769642bc155b"],"name_matched":true,"matched_by":"DNS:1r.tamarind.example","findings":[{"rule":"SRV-01","status":"pass","severity":"blocker","title":{"id":"The server certificate is valid."},"evidence":{"id":"It does."},"source":"RFC 5280 4.1.2.5"},{"rule":"SRV-02","status":"pass","severity":"blocker","title":{"id":"The certificate may be used by a TLS server."},"evidence":{"id":"It does."},"source":"RFC 5280 4.2.1.12"},{"rule":"SRV-03","status":"pass","severity":"blocker","title":{"id":"A name of the certificate matches."},"evidence":{"id":"It does."},"source":"RFC 9525 6"},{"rule":"CHN-01","status":"pass","severity":"blocker","title":{"id":"A path leads to a CA of the list."},"evidence":{"id":"It does."},"source":"RFC 5280 6.1"}]},"timeline":[{"at_ms":13.31,"direction":"out","message":"tcp_connect","bytes":0,"detail":"192.0.2.41 port 443"},{"at_ms":13.9,"direction":"out","message":"client_hello","bytes":1531,"detail":"TLS 1.2, TLS 1.3, SNI 1r.tamarind.example","fields":[["supported_versions","TLS 1.3, TLS 1.2"],["server_name","1r.tamarind.example"],["supported_groups","X25519MLKEM768, X25519, secp256r1"],["application_layer_protocol_negotiation","http/1.1"]]},{"at_ms":26.44,"direction":"in","message":"server_hello","bytes":1210,"detail":"TLS 1.3, TLS_AES_256_GCM_SHA384, X25519MLKEM768"},{"at_ms":26.44,"direction":"in","message":"change_cipher_spec","bytes":1},{"at_ms":26.44,"direction":"in","message":"encrypted_extensions","bytes":15,"detail":"ALPN http/1.1","encrypted":true},{"at_ms":26.44,"direction":"in","message":"certificate_request","bytes":188,"detail":"2 CA names","encrypted":true,"fields":[["signature_algorithms","ecdsa_secp256r1_sha256, rsa_pss_rsae_sha256"],["certificate_authorities","CN=Air Cargo Client CA,O=Meridian Trust"],["certificate_authorities","CN=Harbour Root G2,O=Harbour PKI,C=NL"]]},{"at_ms":27.02,"direction":"in","message":"certificate","bytes":1122,"detail":"2 certificates","encrypted":true},{"at_ms":27.02,"direction":"in","message":"certificate_verify","bytes":79,"detail":"ecdsa_secp256r1_sha256","encrypted":true},{"at_ms":27.02,"direction":"in","message":"finished","bytes":52,"encrypted":true},{"at_ms":45.81,"direction":"out","message":"change_cipher_spec","bytes":1},{"at_ms":45.81,"direction":"out","message":"certificate","bytes":1088,"detail":"2 certificates","encrypted":true},{"at_ms":45.81,"direction":"out","message":"certificate_verify","bytes":264,"detail":"rsa_pss_rsae_sha256","encrypted":true},{"at_ms":45.81,"direction":"out","message":"finished","bytes":52,"encrypted":true},{"at_ms":59.02,"direction":"in","message":"new_session_ticket","bytes":234,"detail":"lifetime 7200 s","encrypted":true},{"at_ms":70.11,"direction":"out","message":"http_request","bytes":118,"detail":"GET /","encrypted":true},{"at_ms":79.84,"direction":"in","message":"http_response","bytes":412,"detail":"HTTP 401","encrypted":true},{"at_ms":80.02,"direction":"out","message":"alert","bytes":2,"detail":"warning, close_notify","encrypted":true}],"http":{"status":401,"content_type":"application/ld+json","server":"nginx"}},"findings":[{"rule":"SRV-01","status":"pass","severity":"blocker","title":{"id":"The server certificate is valid."},"evidence":{"id":"It does."},"source":"RFC 5280 4.1.2.5"},{"rule":"SRV-02","status":"pass","severity":"blocker","title":{"id":"The certificate may be used by a TLS server."},"evidence":{"id":"It does."},"source":"RFC 5280 4.2.1.12"},{"rule":"SRV-03","status":"pass","severity":"blocker","title":{"id":"A name of the certificate matches."},"evidence":{"id":"It does."},"source":"RFC 9525 6"},{"rule":"CHN-01","status":"pass","severity":"blocker","title":{"id":"A path leads to a CA of the list."},"evidence":{"id":"It does."},"source":"RFC 5280 6.1"}],"verdict":"pass","explanation":{"cause":"none","responsible":"nobody","headline":{"id":"The handshake was accepted, and the answer proves it."},"action":null,"evidence":[{"id":"HTTP {status} came back {ms} ms after the request.","params":[["status",401],["ms",9.7]]}]}}}');
INSERT INTO "observations" VALUES(5,2,'2026-11-20 08:41:07.250000','untrusted_peer','fail','server_cert_expired',1,'{"schema":1,"presented_chain":["293a495d8b47e0b4366d2dad357bbc9d02d4990ca7afaccf56aa4fba0c325c7e","b7b25132874db9e35e466e2834f2707a51742fb913782ff46d781897cf93c9df"],"report":{"record":{"target":{"protocol":"https","host":"1r.zephyr-gs.example","port":443,"server_name":"1r.zephyr-gs.example","verify_name":"1r.zephyr-gs.example","alpn":["http/1.1"]},"started_at":"2026-11-20T08:41:07.250000+00:00","outcome":"untrusted_peer","ended_in":"done","identity":{"name":"halden-client-2026","sha256":"5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d"},"phases":{"resolve_ms":1.4,"connect_ms":11.9,"handshake_ms":32.6,"settle_ms":12.0,"first_byte_ms":9.7},"address":"192.0.2.41","addresses":["192.0.2.41","2001:db8::41"],"negotiated":{"version":"TLSv1.3","cipher_suite":"TLS_AES_256_GCM_SHA384","group":"X25519MLKEM768","signature_scheme":"ecdsa_secp256r1_sha256","alpn":"http/1.1"},"client_auth":{"requested":"optional","request":{"acceptable_cas":["CN=Air Cargo Client CA,O=Meridian Trust","CN=Harbour Root G2,O=Harbour PKI,C=NL"],"signature_schemes":["ecdsa_secp256r1_sha256","rsa_pss_rsae_sha256","rsa_pkcs1_sha256"]}},"judgement":{"trusted":false,"trust_list":"Air cargo pilot list","path":["293a495d8b47e0b4366d2dad357bbc9d02d4990ca7afaccf56aa4fba0c325c7e","b7b25132874db9e35e466e2834f2707a51742fb913782ff46d781897cf93c9df","6f746d555f31bd76e5e29d53dd9f509c7c1205df266706c3d1ec769642bc155b"],"name_matched":true,"findings":[{"rule":"SRV-01","status":"fail","severity":"blocker","title":{"id":"The server certificate is valid."},"evidence":{"id":"It expired on {not_after}.","params":[["not_after",{"instant":"2026-11-17T08:45:00+00:00"}]]},"source":"RFC 5280 4.1.2.5","remedy":{"id":"Install the renewed certificate and reload the server."}},{"rule":"SRV-02","status":"pass","severity":"blocker","title":{"id":"The certificate may be used by a TLS server."},"evidence":{"id":"It does."},"source":"RFC 5280 4.2.1.12"},{"rule":"SRV-03","status":"pass","severity":"blocker","title":{"id":"A name of the certificate matches."},"evidence":{"id":"It does."},"source":"RFC 9525 6"},{"rule":"CHN-01","status":"pass","severity":"blocker","title":{"id":"A path leads to a CA of the list."},"evidence":{"id":"It does."},"source":"RFC 5280 6.1"}],"faults":["expired"],"opinion":"validation failed: candidates exhausted"},"timeline":[{"at_ms":13.31,"direction":"out","message":"tcp_connect","bytes":0,"detail":"192.0.2.41 port 443"},{"at_ms":13.9,"direction":"out","message":"client_hello","bytes":1531,"detail":"TLS 1.2, TLS 1.3, SNI 1r.zephyr-gs.example","fields":[["supported_versions","TLS 1.3, TLS 1.2"],["server_name","1r.zephyr-gs.example"],["supported_groups","X25519MLKEM768, X25519, secp256r1"],["application_layer_protocol_negotiation","http/1.1"]]},{"at_ms":26.44,"direction":"in","message":"server_hello","bytes":1210,"detail":"TLS 1.3, TLS_AES_256_GCM_SHA384, X25519MLKEM768"},{"at_ms":26.44,"direction":"in","message":"change_cipher_spec","bytes":1},{"at_ms":26.44,"direction":"in","message":"encrypted_extensions","bytes":15,"detail":"ALPN http/1.1","encrypted":true},{"at_ms":26.44,"direction":"in","message":"certificate_request","bytes":188,"detail":"2 CA names","encrypted":true,"fields":[["signature_algorithms","ecdsa_secp256r1_sha256, rsa_pss_rsae_sha256"],["certificate_authorities","CN=Air Cargo Client CA,O=Meridian Trust"],["certificate_authorities","CN=Harbour Root G2,O=Harbour PKI,C=NL"]]},{"at_ms":27.02,"direction":"in","message":"certificate","bytes":1122,"detail":"2 certificates","encrypted":true},{"at_ms":27.02,"direction":"in","message":"certificate_verify","bytes":79,"detail":"ecdsa_secp256r1_sha256","encrypted":true},{"at_ms":27.02,"direction":"in","message":"finished","bytes":52,"encrypted":true},{"at_ms":45.81,"direction":"out","message":"change_cipher_spec","bytes":1},{"at_ms":45.81,"direction":"out","message":"certificate","bytes":1088,"detail":"2 certificates","encrypted":true},{"at_ms":45.81,"direction":"out","message":"certificate_verify","bytes":264,"detail":"rsa_pss_rsae_sha256","encrypted":true},{"at_ms":45.81,"direction":"out","message":"finished","bytes":52,"encrypted":true},{"at_ms":59.02,"direction":"in","message":"new_session_ticket","bytes":234,"detail":"lifetime 7200 s","encrypted":true},{"at_ms":70.11,"direction":"out","message":"http_request","bytes":118,"detail":"GET /","encrypted":true},{"at_ms":79.84,"direction":"in","message":"http_response","bytes":412,"detail":"HTTP 401","encrypted":true},{"at_ms":80.02,"direction":"out","message":"alert","bytes":2,"detail":"warning, close_notify","encrypted":true}],"http":{"status":401,"content_type":"application/ld+json","server":"nginx"}},"findings":[{"rule":"SRV-01","status":"fail","severity":"blocker","title":{"id":"The server certificate is valid."},"evidence":{"id":"It expired on {not_after}.","params":[["not_after",{"instant":"2026-11-17T08:45:00+00:00"}]]},"source":"RFC 5280 4.1.2.5","remedy":{"id":"Install the renewed certificate and reload the server."}},{"rule":"SRV-02","status":"pass","severity":"blocker","title":{"id":"The certificate may be used by a TLS server."},"evidence":{"id":"It does."},"source":"RFC 5280 4.2.1.12"},{"rule":"SRV-03","status":"pass","severity":"blocker","title":{"id":"A name of the certificate matches."},"evidence":{"id":"It does."},"source":"RFC 9525 6"},{"rule":"CHN-01","status":"pass","severity":"blocker","title":{"id":"A path leads to a CA of the list."},"evidence":{"id":"It does."},"source":"RFC 5280 6.1"}],"verdict":"fail","explanation":{"cause":"server_cert_expired","responsible":"partner","headline":{"id":"The partner''s server certificate expired {days} days ago.","params":[["days",3]]},"action":{"id":"The partner has to install the renewed certificate and reload the server."},"evidence":[{"id":"notAfter is {not_after}.","params":[["not_after",{"instant":"2026-11-17T08:45:00+00:00"}]]}]}}}');
INSERT INTO "observations" VALUES(6,2,'2026-11-20 09:11:07.250000','untrusted_peer','fail','server_cert_expired',1,'{"schema":1,"presented_chain":["293a495d8b47e0b4366d2dad357bbc9d02d4990ca7afaccf56aa4fba0c325c7e","b7b25132874db9e35e466e2834f2707a51742fb913782ff46d781897cf93c9df"],"report":{"record":{"target":{"protocol":"https","host":"1r.zephyr-gs.example","port":443,"server_name":"1r.zephyr-gs.example","verify_name":"1r.zephyr-gs.example","alpn":["http/1.1"]},"started_at":"2026-11-20T09:11:07.250000+00:00","outcome":"untrusted_peer","ended_in":"done","identity":{"name":"halden-client-2026","sha256":"5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d"},"phases":{"resolve_ms":1.4,"connect_ms":11.9,"handshake_ms":32.6,"settle_ms":12.0,"first_byte_ms":9.7},"address":"192.0.2.41","addresses":["192.0.2.41","2001:db8::41"],"negotiated":{"version":"TLSv1.3","cipher_suite":"TLS_AES_256_GCM_SHA384","group":"X25519MLKEM768","signature_scheme":"ecdsa_secp256r1_sha256","alpn":"http/1.1"},"client_auth":{"requested":"optional","request":{"acceptable_cas":["CN=Air Cargo Client CA,O=Meridian Trust","CN=Harbour Root G2,O=Harbour PKI,C=NL"],"signature_schemes":["ecdsa_secp256r1_sha256","rsa_pss_rsae_sha256","rsa_pkcs1_sha256"]}},"judgement":{"trusted":false,"trust_list":"Air cargo pilot list","path":["293a495d8b47e0b4366d2dad357bbc9d02d4990ca7afaccf56aa4fba0c325c7e","b7b25132874db9e35e466e2834f2707a51742fb913782ff46d781897cf93c9df","6f746d555f31bd76e5e29d53dd9f509c7c1205df266706c3d1ec769642bc155b"],"name_matched":true,"findings":[{"rule":"SRV-01","status":"fail","severity":"blocker","title":{"id":"The server certificate is valid."},"evidence":{"id":"It expired on {not_after}.","params":[["not_after",{"instant":"2026-11-17T08:45:00+00:00"}]]},"source":"RFC 5280 4.1.2.5","remedy":{"id":"Install the renewed certificate and reload the server."}},{"rule":"SRV-02","status":"pass","severity":"blocker","title":{"id":"The certificate may be used by a TLS server."},"evidence":{"id":"It does."},"source":"RFC 5280 4.2.1.12"},{"rule":"SRV-03","status":"pass","severity":"blocker","title":{"id":"A name of the certificate matches."},"evidence":{"id":"It does."},"source":"RFC 9525 6"},{"rule":"CHN-01","status":"pass","severity":"blocker","title":{"id":"A path leads to a CA of the list."},"evidence":{"id":"It does."},"source":"RFC 5280 6.1"}],"faults":["expired"],"opinion":"validation failed: candidates exhausted"},"timeline":[{"at_ms":13.31,"direction":"out","message":"tcp_connect","bytes":0,"detail":"192.0.2.41 port 443"},{"at_ms":13.9,"direction":"out","message":"client_hello","bytes":1531,"detail":"TLS 1.2, TLS 1.3, SNI 1r.zephyr-gs.example","fields":[["supported_versions","TLS 1.3, TLS 1.2"],["server_name","1r.zephyr-gs.example"],["supported_groups","X25519MLKEM768, X25519, secp256r1"],["application_layer_protocol_negotiation","http/1.1"]]},{"at_ms":26.44,"direction":"in","message":"server_hello","bytes":1210,"detail":"TLS 1.3, TLS_AES_256_GCM_SHA384, X25519MLKEM768"},{"at_ms":26.44,"direction":"in","message":"change_cipher_spec","bytes":1},{"at_ms":26.44,"direction":"in","message":"encrypted_extensions","bytes":15,"detail":"ALPN http/1.1","encrypted":true},{"at_ms":26.44,"direction":"in","message":"certificate_request","bytes":188,"detail":"2 CA names","encrypted":true,"fields":[["signature_algorithms","ecdsa_secp256r1_sha256, rsa_pss_rsae_sha256"],["certificate_authorities","CN=Air Cargo Client CA,O=Meridian Trust"],["certificate_authorities","CN=Harbour Root G2,O=Harbour PKI,C=NL"]]},{"at_ms":27.02,"direction":"in","message":"certificate","bytes":1122,"detail":"2 certificates","encrypted":true},{"at_ms":27.02,"direction":"in","message":"certificate_verify","bytes":79,"detail":"ecdsa_secp256r1_sha256","encrypted":true},{"at_ms":27.02,"direction":"in","message":"finished","bytes":52,"encrypted":true},{"at_ms":45.81,"direction":"out","message":"change_cipher_spec","bytes":1},{"at_ms":45.81,"direction":"out","message":"certificate","bytes":1088,"detail":"2 certificates","encrypted":true},{"at_ms":45.81,"direction":"out","message":"certificate_verify","bytes":264,"detail":"rsa_pss_rsae_sha256","encrypted":true},{"at_ms":45.81,"direction":"out","message":"finished","bytes":52,"encrypted":true},{"at_ms":59.02,"direction":"in","message":"new_session_ticket","bytes":234,"detail":"lifetime 7200 s","encrypted":true},{"at_ms":70.11,"direction":"out","message":"http_request","bytes":118,"detail":"GET /","encrypted":true},{"at_ms":79.84,"direction":"in","message":"http_response","bytes":412,"detail":"HTTP 401","encrypted":true},{"at_ms":80.02,"direction":"out","message":"alert","bytes":2,"detail":"warning, close_notify","encrypted":true}],"http":{"status":401,"content_type":"application/ld+json","server":"nginx"}},"findings":[{"rule":"SRV-01","status":"fail","severity":"blocker","title":{"id":"The server certificate is valid."},"evidence":{"id":"It expired on {not_after}.","params":[["not_after",{"instant":"2026-11-17T08:45:00+00:00"}]]},"source":"RFC 5280 4.1.2.5","remedy":{"id":"Install the renewed certificate and reload the server."}},{"rule":"SRV-02","status":"pass","severity":"blocker","title":{"id":"The certificate may be used by a TLS server."},"evidence":{"id":"It does."},"source":"RFC 5280 4.2.1.12"},{"rule":"SRV-03","status":"pass","severity":"blocker","title":{"id":"A name of the certificate matches."},"evidence":{"id":"It does."},"source":"RFC 9525 6"},{"rule":"CHN-01","status":"pass","severity":"blocker","title":{"id":"A path leads to a CA of the list."},"evidence":{"id":"It does."},"source":"RFC 5280 6.1"}],"verdict":"fail","explanation":{"cause":"server_cert_expired","responsible":"partner","headline":{"id":"The partner''s server certificate expired {days} days ago.","params":[["days",3]]},"action":{"id":"The partner has to install the renewed certificate and reload the server."},"evidence":[{"id":"notAfter is {not_after}.","params":[["not_after",{"instant":"2026-11-17T08:45:00+00:00"}]]}]}}}');
INSERT INTO "observations" VALUES(7,NULL,'2026-11-20 08:41:07.250000','not_reached','fail','connection_refused',1,'{"schema":1,"presented_chain":[],"report":{"record":{"target":{"protocol":"https","host":"1r.aurelia.example","port":443,"server_name":"1r.aurelia.example","verify_name":"1r.aurelia.example","alpn":["http/1.1"]},"started_at":"2026-11-20T08:41:07.250000+00:00","outcome":"not_reached","ended_in":"connect","phases":{"resolve_ms":1.4},"addresses":["192.0.2.41"],"stopped_by":"refused","error":{"id":"Nothing listens on {address} port {port}.","params":[["address","192.0.2.41"],["port",443]]}},"findings":[],"verdict":"fail","explanation":{"cause":"connection_refused","responsible":"network","headline":{"id":"Nothing listens on {address} port {port}.","params":[["address","192.0.2.41"],["port",443]]},"action":{"id":"Check the port, then ask the partner whether the service runs."},"evidence":[{"id":"The connection was refused after {ms} ms.","params":[["ms",12.1]]}]}}}');
CREATE TABLE partner_policies (
	partner_id INTEGER NOT NULL, 
	document TEXT NOT NULL, 
	seal VARCHAR(64), 
	CONSTRAINT pk_partner_policies PRIMARY KEY (partner_id), 
	CONSTRAINT fk_partner_policies_partner_id FOREIGN KEY(partner_id) REFERENCES partners (id) ON DELETE CASCADE
);
CREATE TABLE partners (
	id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	CONSTRAINT pk_partners PRIMARY KEY (id), 
	CONSTRAINT uq_partners_name UNIQUE (name)
);
INSERT INTO "partners" VALUES(1,'Nordwind Cargo');
INSERT INTO "partners" VALUES(2,'Zephyr');
INSERT INTO "partners" VALUES(3,'Umbra');
CREATE TABLE provider_lists (
	name TEXT NOT NULL, 
	imported_at DATETIME NOT NULL, 
	document TEXT NOT NULL, 
	pin TEXT, 
	CONSTRAINT pk_provider_lists PRIMARY KEY (name)
);
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
CREATE TABLE trust_list_entries (
	version_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	der BLOB, 
	document TEXT NOT NULL, 
	CONSTRAINT pk_trust_list_entries PRIMARY KEY (version_id, position), 
	CONSTRAINT fk_trust_list_entries_version_id FOREIGN KEY(version_id) REFERENCES trust_list_versions (id) ON DELETE CASCADE
);
INSERT INTO "trust_list_entries" VALUES(1,0,'a8e1776584a85cc42b07c3852ba3991dcc68651c69ee859907e12ffe5bf0467a',NULL,'{"entry":{"sha256":"a8e1776584a85cc42b07c3852ba3991dcc68651c69ee859907e12ffe5bf0467a","subject":"CN=Root 1"}}');
CREATE TABLE trust_list_versions (
	id INTEGER NOT NULL, 
	list_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	was_applied_at DATETIME, 
	kept_at DATETIME NOT NULL, 
	sequence TEXT, 
	issued_at DATETIME, 
	next_update DATETIME, 
	source_sha256 VARCHAR(64) NOT NULL, 
	entries INTEGER NOT NULL, 
	envelope TEXT NOT NULL, 
	CONSTRAINT pk_trust_list_versions PRIMARY KEY (id), 
	CONSTRAINT fk_trust_list_versions_list_id FOREIGN KEY(list_id) REFERENCES trust_lists (id) ON DELETE CASCADE
);
INSERT INTO "trust_list_versions" VALUES(1,1,1,'applied','2026-11-20 08:41:07.250000','2026-11-20 08:41:07.250000','1','2026-11-20 08:41:07.250000',NULL,'b0d7e0d440d65c1481a2d830924dededf2325072cd24f8df1ca08a3008bcdc92',1,'{"schema":1,"content":{"title":"Partners","entries":[],"list_id":"urn:example:partners","sequence":1,"issued_at":"2026-11-20T08:41:07.250000+00:00"},"source":{"kind":"json","place":"partners.json","retrieved_at":"2026-11-20T08:41:07.250000+00:00","retrieved_by":"ada","sha256":"b0d7e0d440d65c1481a2d830924dededf2325072cd24f8df1ca08a3008bcdc92"}}');
CREATE TABLE trust_lists (
	id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	url TEXT NOT NULL, 
	in_force BOOLEAN NOT NULL, 
	pin TEXT, 
	CONSTRAINT pk_trust_lists PRIMARY KEY (id), 
	CONSTRAINT uq_trust_lists_name UNIQUE (name)
);
INSERT INTO "trust_lists" VALUES(1,'partners','',1,NULL);
CREATE TABLE trust_log (
	number INTEGER NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	document TEXT NOT NULL, 
	CONSTRAINT pk_trust_log PRIMARY KEY (number)
);
INSERT INTO "trust_log" VALUES(1,'1832088d7614da9f194f37a043cc2d079d51385c661f8f4e60ab9cbda4275c8f','{"action":"applied","at":"2026-11-20T08:41:07.250000+00:00","by":"ada","comment":"because","details":{"document":"b6c37a9cf2757d1b3ecde671561c154ed7b3674d2a2b7d81bca298ee732f6570","sequence":"1","version":"1"},"fingerprint":"b0d7e0d440d65c1481a2d830924dededf2325072cd24f8df1ca08a3008bcdc92","number":1,"previous":"0000000000000000000000000000000000000000000000000000000000000000","subject":"partners"}');
INSERT INTO "trust_log" VALUES(2,'24ed0eaeffb9c95e7a4df91768d191426956376b12a88dbd68c0dd6a50313ad2','{"action":"put_in_force","at":"2026-11-20T08:41:07.250000+00:00","by":"ada","comment":"because","details":{},"fingerprint":"","number":2,"previous":"1832088d7614da9f194f37a043cc2d079d51385c661f8f4e60ab9cbda4275c8f","subject":"partners"}');
INSERT INTO "trust_log" VALUES(3,'4c2ed6f6835b357cb44dda09fca2b4958764cb8ed109169111c6f91c457d816d','{"action":"taken_out_of_force","at":"2026-11-20T08:41:07.250000+00:00","by":"ada","comment":"because","details":{"list":"builtin"},"fingerprint":"","number":3,"previous":"24ed0eaeffb9c95e7a4df91768d191426956376b12a88dbd68c0dd6a50313ad2","subject":"certifi"}');
INSERT INTO "trust_log" VALUES(4,'593bbc184a0047dcc02686423c73654a1b122b29ffce1026d18db856990221d3','{"action":"distrusted","at":"2026-11-20T08:41:07.250000+00:00","by":"ada","comment":"because","details":{"document":"3eee87103702dd917bb267ec03377f1af6cc660196b67e989f55ed4bc299c428"},"fingerprint":"efefefefefefefefefefefefefefefefefefefefefefefefefefefefefefefef","number":4,"previous":"4c2ed6f6835b357cb44dda09fca2b4958764cb8ed109169111c6f91c457d816d","subject":"CN=Fjordsign Root 2021"}');
CREATE TABLE trust_seals (
	name VARCHAR(16) NOT NULL, 
	value TEXT NOT NULL, 
	CONSTRAINT pk_trust_seals PRIMARY KEY (name)
);
CREATE TABLE workspace_ids (
	name VARCHAR(16) NOT NULL, 
	value VARCHAR(32) NOT NULL, 
	CONSTRAINT pk_workspace_ids PRIMARY KEY (name)
);
INSERT INTO "workspace_ids" VALUES('builtin_list','off');
CREATE INDEX ix_endpoints_partner_id ON endpoints (partner_id);
CREATE INDEX ix_certificates_not_after ON certificates (not_after);
CREATE INDEX ix_observations_endpoint_id_started_at_id ON observations (endpoint_id, started_at, id);
CREATE INDEX ix_observation_certificates_sha256 ON observation_certificates (sha256);
CREATE INDEX ix_keys_spki_sha256 ON keys (spki_sha256);
CREATE INDEX ix_identities_key_reference ON identities (key_reference);
CREATE INDEX ix_identity_certificates_sha256 ON identity_certificates (sha256);
CREATE INDEX ix_requests_key_reference ON requests (key_reference);
CREATE INDEX ix_requests_spki_sha256 ON requests (spki_sha256);
CREATE UNIQUE INDEX uq_trust_list_versions_number ON trust_list_versions (list_id, number);
CREATE INDEX ix_trust_list_entries_sha256 ON trust_list_entries (sha256);
COMMIT;
