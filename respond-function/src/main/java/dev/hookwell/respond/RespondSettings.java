package dev.hookwell.respond;

import dev.hookwell.capture.Environment;
import dev.hookwell.capture.script.ScriptSettings;
import dev.hookwell.intake.IntakeSettings;

/** What respond is told at start. */
public record RespondSettings(IntakeSettings intake, ScriptSettings scripts) {
  /**
   * Reads what {@link IntakeSettings} and {@link ScriptSettings} read.
   *
   * @throws dev.hookwell.capture.ConfigurationException naming the variable that is missing or
   *     wrong
   */
  public static RespondSettings from(Environment environment) {
    return new RespondSettings(IntakeSettings.from(environment), ScriptSettings.from(environment));
  }
}
