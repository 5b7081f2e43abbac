package dev.hookwell.api.find;

/** A filter is wrong. Its value, which may be a secret, is not in the message. */
public final class FilterException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String filter;

  FilterException(String filter, String detail) {
    super(detail, null, false, false);
    this.filter = filter;
  }

  /** The parameter's name. */
  public String filter() {
    return filter;
  }

  public String detail() {
    return String.valueOf(getMessage());
  }
}
