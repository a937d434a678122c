BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
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
INSERT INTO "endpoints" VALUES(1,1,'https','1r.nordwind-cargo.example',443,'/',NULL,NULL,'1r.nordwind-cargo.example','1r.nordwind-cargo.example','["http/1.1"]',NULL,'');
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
CREATE TABLE partners (
	id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	CONSTRAINT pk_partners PRIMARY KEY (id), 
	CONSTRAINT uq_partners_name UNIQUE (name)
);
INSERT INTO "partners" VALUES(1,'Nordwind Cargo');
CREATE INDEX ix_endpoints_partner_id ON endpoints (partner_id);
CREATE INDEX ix_certificates_not_after ON certificates (not_after);
CREATE INDEX ix_observations_endpoint_id_started_at_id ON observations (endpoint_id, started_at, id);
CREATE INDEX ix_observation_certificates_sha256 ON observation_certificates (sha256);
COMMIT;
