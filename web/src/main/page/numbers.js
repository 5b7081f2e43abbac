// A list of whole numbers that grows, and hands them over as one typed array.

export class GrowingNumbers {
  #numbers = new Int32Array(1_024);

  length = 0;

  push(number) {
    if (this.length === this.#numbers.length) {
      const more = new Int32Array(2 * this.length);
      more.set(this.#numbers);
      this.#numbers = more;
    }
    this.#numbers[this.length] = number;
    this.length += 1;
  }

  set(index, number) {
    this.#numbers[index] = number;
  }

  pop() {
    this.length -= 1;
    return this.#numbers[this.length];
  }

  /** All of them, without room to grow. */
  whole() {
    return this.#numbers.slice(0, this.length);
  }
}
