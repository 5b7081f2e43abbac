package dev.hookwell.capture;

import java.util.Locale;

/** The catalogue of our errors; {@code docs/errors.md} says what to do at each. */
public enum ProblemType {
  BAD_EVENT(400, "The request could not be read"),
  BAD_PARAMETER(400, "A parameter is wrong"),
  BAD_REQUEST_BODY(400, "The request body is wrong"),
  KEY_MISSING(401, "A key is needed"),
  ORIGIN_REFUSED(403, "Forbidden"),
  FOREIGN_ORIGIN(403, "Pages of this origin may not make hooks here"),
  OWNER_KEY_NEEDED(403, "The owner key is needed"),
  RESPONSES_OFF(403, "Response scripts are switched off here"),
  SEARCH_OFF(403, "Searching is switched off here"),
  HOOK_NOT_FOUND(404, "There is no such hook"),
  CAPTURE_NOT_FOUND(404, "There is no such capture"),
  RESPONSE_NOT_FOUND(404, "This hook has no response script"),
  ROUTE_NOT_FOUND(404, "There is nothing at this address"),
  METHOD_NOT_ALLOWED(405, "This method is not allowed here"),
  HOOK_EXPIRED(410, "This hook has ended"),
  HOOK_BLOCKED(410, "This hook was blocked by the operator"),
  HOOK_DELETED(410, "This hook was deleted"),
  BODY_NOT_KEPT(410, "The body was not kept"),
  BODY_TOO_LARGE(413, "The body is too large to be kept"),
  REQUEST_BODY_TOO_LARGE(413, "The request body is too large"),
  UNSUPPORTED_MEDIA_TYPE(415, "The request body must be JSON"),
  HEAD_TOO_LARGE(431, "Path, query and headers are too large"),
  BODY_DAMAGED(500, "The kept body is not the one that was received"),
  INTERNAL_ERROR(500, "Something went wrong on our side"),
  CREATION_PAUSED(503, "No hooks are made at the moment"),
  QUEUE_UNAVAILABLE(503, "The request was not kept; send it again"),
  BODY_UNAVAILABLE(503, "The body cannot be read at the moment"),
  STORE_UNAVAILABLE(503, "Captures cannot be read at the moment");

  private final int status;
  private final String title;

  ProblemType(int status, String title) {
    this.status = status;
    this.title = title;
  }

  public int status() {
    return status;
  }

  public String title() {
    return title;
  }

  /** The name in the catalogue, {@code hook-not-found}. */
  public String slug() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** A URN, since every operator has a host of their own. */
  public String uri() {
    return "urn:hookwell:problem:" + slug();
  }
}
