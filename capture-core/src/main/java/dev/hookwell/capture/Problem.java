package dev.hookwell.capture;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An error of ours as an RFC 9457 problem document. Never holds anything that a sender sent.
 *
 * @param detail a sentence that the caller can act on; empty for none
 * @param members further members of the document: strings and whole numbers
 */
public record Problem(ProblemType type, String detail, Map<String, Object> members) {
  public Problem {
    members = Map.copyOf(members);
  }

  public static Problem of(ProblemType type, String detail) {
    return new Problem(type, detail, Map.of());
  }

  /** The same problem with one more member. */
  public Problem with(String name, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(members);
    more.put(name, value);
    return new Problem(type, detail, more);
  }

  public GatewayResponse response() {
    return GatewayResponse.text(type.status(), "application/problem+json", Body.owning(json()));
  }

  private byte[] json() {
    return JsonBytes.object(json -> {
      json.writeStringField("type", type.uri());
      json.writeStringField("title", type.title());
      json.writeNumberField("status", type.status());
      if (!detail.isEmpty()) {
        json.writeStringField("detail", detail);
      }
      for (Map.Entry<String, Object> member : members.entrySet()) {
        json.writeFieldName(member.getKey());
        if (member.getValue() instanceof Number number) {
          json.writeNumber(number.longValue());
        } else {
          json.writeString(member.getValue().toString());
        }
      }
    });
  }
}
