package dev.hookwell.local;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.TriggeringPolicyBase;
import java.io.File;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the libraries' log to a file, since the console is the runner's own. Until a file is
 * named, {@code logback.xml} keeps them silent.
 */
final class LocalLogging {
  private static final long MOST_BYTES = 20L * 1024 * 1024;

  private LocalLogging() {}

  /**
   * From now on warnings of the libraries and all lines of ours go to {@code file} only. A full
   * file, of 20 MB and the line that fills it, is kept once, with the ending {@code .1}.
   */
  static void writeTo(Path file) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
    appender.setContext(context);
    appender.setFile(file.toString());
    appender.setEncoder(encoder(context));
    FixedWindowRollingPolicy older = new FixedWindowRollingPolicy();
    older.setContext(context);
    older.setParent(appender);
    older.setFileNamePattern(file + ".%i");
    older.setMinIndex(1);
    older.setMaxIndex(1);
    older.start();
    FullFile full = new FullFile();
    full.setContext(context);
    full.start();
    appender.setRollingPolicy(older);
    appender.setTriggeringPolicy(full);
    appender.start();
    use(appender, context);
  }

  /** From now on the same lines go to standard output, which a service manager keeps. */
  static void writeToConsole() {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setEncoder(encoder(context));
    appender.start();
    use(appender, context);
  }

  private static PatternLayoutEncoder encoder(LoggerContext context) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern("%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{36} %msg%n");
    encoder.start();
    return encoder;
  }

  private static void use(Appender<ILoggingEvent> appender, LoggerContext context) {
    context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.WARN);
    context.getLogger("dev.hookwell").setLevel(Level.INFO);
    context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
  }

  /**
   * Checks the size before each line: Logback's own policy checks once a minute, too seldom for a
   * flood.
   */
  private static final class FullFile extends TriggeringPolicyBase<ILoggingEvent> {
    @Override
    public boolean isTriggeringEvent(File active, ILoggingEvent event) {
      return active.length() >= MOST_BYTES;
    }
  }
}
