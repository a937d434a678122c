const https = require('https'), fs = require('fs');
const options = JSON.parse(process.argv[2]);
for (const name of ['cert', 'key', 'ca', 'crl']) if (options[name]) options[name] = fs.readFileSync(options[name]);
const server = https.createServer(options, (request, response) => { response.writeHead(401); response.end(); });
server.on('tlsClientError', (error) => console.log('tlsClientError', error.code, error.message));
server.listen(options.port, '127.0.0.1');
