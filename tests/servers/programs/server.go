package main

import (
	"crypto/tls"
	"crypto/x509"
	"log"
	"net/http"
	"os"
)

func main() {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if os.Args[4] != "" {
		pool := x509.NewCertPool()
		data, err := os.ReadFile(os.Args[4])
		if err != nil || !pool.AppendCertsFromPEM(data) {
			log.Fatal("no client CA")
		}
		config.ClientCAs = pool
		config.ClientAuth = tls.VerifyClientCertIfGiven
		if os.Args[5] == "require" {
			config.ClientAuth = tls.RequireAndVerifyClientCert
		}
	}
	server := &http.Server{Addr: os.Args[1], TLSConfig: config, Handler: http.HandlerFunc(
		func(writer http.ResponseWriter, _ *http.Request) { writer.WriteHeader(401) })}
	log.Fatal(server.ListenAndServeTLS(os.Args[2], os.Args[3]))
}
