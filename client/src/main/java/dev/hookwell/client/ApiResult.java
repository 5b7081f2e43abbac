package dev.hookwell.client;

import java.util.function.Function;

/** The result of a call of the API: a value, or the reason why there is none. */
public sealed interface ApiResult<T> {
  record Got<T>(T value) implements ApiResult<T> {}

  record Failed<T>(Failure failure) implements ApiResult<T> {}

  /** The value, or the result of {@code otherwise} for the failure, which may throw. */
  default T orElse(Function<Failure, T> otherwise) {
    return fold(Function.identity(), otherwise);
  }

  /** Java 17 has no switch over sealed types: this one takes every case. */
  default <R> R fold(Function<T, R> got, Function<Failure, R> failed) {
    if (this instanceof Got<T> result) {
      return got.apply(result.value());
    }
    return failed.apply(((Failed<T>) this).failure());
  }
}
