package dev.hookwell.client.delivery;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** The certificates of a target that are accepted. */
public final class Trust {
  private final SSLSocketFactory sockets;
  private final boolean checksName;

  private Trust(SSLSocketFactory sockets, boolean checksName) {
    this.sockets = sockets;
    this.checksName = checksName;
  }

  /** Those that this Java accepts. */
  public static Trust ofJava() {
    return new Trust((SSLSocketFactory) SSLSocketFactory.getDefault(), true);
  }

  /** Any, of any name: for a server of one's own. */
  public static Trust ofAnything() {
    return new Trust(sockets(new TrustManager[] {new TrustAll()}), false);
  }

  /**
   * Those that the given ones certify, and no others.
   *
   * @param pem certificates in PEM
   * @throws IOException when the file can't be read, or holds none
   */
  public static Trust of(Path pem) throws IOException {
    try (InputStream in = Files.newInputStream(pem)) {
      Collection<? extends Certificate> certificates =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (certificates.isEmpty()) {
        throw new IOException("it holds no certificate");
      }
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (Certificate certificate : certificates) {
        store.setCertificateEntry(String.valueOf(store.size()), certificate);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      return new Trust(sockets(trust.getTrustManagers()), true);
    } catch (CertificateException e) {
      throw new IOException("it holds no certificate in PEM", e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has these", e);
    }
  }

  private static SSLSocketFactory sockets(TrustManager[] trust) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust, null);
      return context.getSocketFactory();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has TLS", e);
    }
  }

  SSLSocketFactory sockets() {
    return sockets;
  }

  /** The algorithm that checks the certificate's name; empty for no check. */
  Optional<String> nameCheck() {
    return checksName ? Optional.of("HTTPS") : Optional.empty();
  }

  /** The extended kind: Java adds checks of its own to the plain one. */
  private static final class TrustAll extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
