package dev.hookwell.store;

/** A newer version changed the database's schema. The message is one line for a person. */
public final class NewerSchemaException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NewerSchemaException(int version, int known) {
    super(
        "the database was used by a newer Hookwell (schema "
            + version
            + ", and this one knows "
            + known
            + "): run that one, or name another database");
  }
}
