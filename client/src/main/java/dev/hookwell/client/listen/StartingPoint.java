package dev.hookwell.client.listen;

import dev.hookwell.client.ApiResult;
import dev.hookwell.client.CapturePage;
import dev.hookwell.client.Failure;
import dev.hookwell.client.Hook;
import dev.hookwell.client.HookApi;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The place among a hook's captures from which to begin.
 *
 * @param from the first number
 * @param since the first time of receipt
 */
public record StartingPoint(OptionalLong from, Optional<Instant> since) {
  /** Writers' clocks differ a little, so times of storing are in order only by and large. */
  private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(10);

  /** Whether neither was given. */
  public boolean isOpen() {
    return from.isEmpty() && since.isEmpty();
  }

  /**
   * The number to go on from, at most as many as were ever stored.
   *
   * @param otherwise where neither was given
   */
  public ApiResult<Long> after(HookApi api, Hook hook, long otherwise) {
    if (from.isPresent()) {
      return new ApiResult.Got<>(from.getAsLong() - 1);
    }
    return since.isPresent()
        ? search(api, hook, since.get().minus(CLOCKS_DIFFER))
        : new ApiResult.Got<>(otherwise);
  }

  /**
   * Finds the last number whose capture was stored before a time, by halving: nothing is received
   * after it is stored, and numbers are given in the order of storing.
   */
  private static ApiResult<Long> search(HookApi api, Hook hook, Instant time) {
    long low = hook.firstSeq().orElse(1) - 1;
    long high = hook.counts().stored();
    while (low < high) {
      long middle = low + (high - low) / 2;
      ApiResult<CapturePage> page = api.firstAfter(middle);
      Optional<Failure> failure = page.fold(found -> Optional.empty(), Optional::of);
      if (failure.isPresent()) {
        return new ApiResult.Failed<>(failure.get());
      }
      boolean later =
          page.fold(
              found ->
                  found.captures().isEmpty() || !found.captures().get(0).storedAt().isBefore(time),
              none -> true);
      if (later) {
        high = middle;
      } else {
        low = page.fold(found -> found.captures().get(0).seq(), none -> middle + 1);
      }
    }
    return new ApiResult.Got<>(low);
  }

  /** Whether a capture is not from before it. */
  public boolean includes(Instant receivedAt) {
    return since.isEmpty() || !receivedAt.isBefore(since.get());
  }
}
