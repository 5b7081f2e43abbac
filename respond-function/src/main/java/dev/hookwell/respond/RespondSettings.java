package dev.hookwell.respond;

import dev.hookwell.capture.Environment;
import dev.hookwell.capture.script.ScriptSettings;
import dev.hookwell.intake.IntakeSettings;

/** The settings of respond. */
public record RespondSettings(IntakeSettings intake, ScriptSettings scripts) {
  /**
   * Reads the variables of {@link IntakeSettings} and {@link ScriptSettings}.
   *
   * @throws dev.hookwell.capture.ConfigurationException naming the variable that is missing or
   *     wrong
   */
  public static RespondSettings from(Environment environment) {
    return new RespondSettings(IntakeSettings.from(environment), ScriptSettings.from(environment));
  }
}
