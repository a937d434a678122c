import com.sun.net.httpserver.*;
import java.io.*;
import java.net.*;
import java.security.KeyStore;
import javax.net.ssl.*;

public class Server {
  public static void main(String[] given) throws Exception {
    int port = Integer.parseInt(given[0]);
    char[] password = given[3].toCharArray();
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(load(given[1], password), password);
    TrustManager[] trust = null;
    if (!given[2].isEmpty()) {
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(load(given[2], password));
      trust = factory.getTrustManagers();
    }
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust, null);
    boolean asks = trust != null, needs = asks && given[4].equals("require");
    if (given[5].equals("httpsserver")) {
      HttpsServer server = HttpsServer.create(new InetSocketAddress("127.0.0.1", port), 0);
      server.setHttpsConfigurator(new HttpsConfigurator(context) {
        public void configure(HttpsParameters parameters) {
          SSLParameters ssl = context.getDefaultSSLParameters();
          if (needs) ssl.setNeedClientAuth(true); else if (asks) ssl.setWantClientAuth(true);
          parameters.setSSLParameters(ssl);
        }
      });
      server.createContext("/", exchange -> { exchange.sendResponseHeaders(401, -1); exchange.close(); });
      server.start();
      return;
    }
    SSLServerSocket listener = (SSLServerSocket) context.getServerSocketFactory()
        .createServerSocket(port, 50, InetAddress.getByName("127.0.0.1"));
    if (needs) listener.setNeedClientAuth(true); else if (asks) listener.setWantClientAuth(true);
    while (true) {
      SSLSocket socket = (SSLSocket) listener.accept();
      Thread thread = new Thread(() -> answer(socket));
      thread.setDaemon(true);
      thread.start();
    }
  }

  static void answer(SSLSocket socket) {
    try (socket) {
      socket.startHandshake();
      BufferedReader reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), "ISO-8859-1"));
      for (String line = reader.readLine(); line != null && !line.isEmpty(); line = reader.readLine()) { }
      socket.getOutputStream().write(
          "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".getBytes("ISO-8859-1"));
      socket.getOutputStream().flush();
    } catch (Exception error) {
      System.out.println(error);
    }
  }

  static KeyStore load(String file, char[] password) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = new FileInputStream(file)) { store.load(in, password); }
    return store;
  }
}
