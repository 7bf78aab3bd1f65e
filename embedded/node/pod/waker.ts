import { setImmediate } from "node:timers/promises";

/** Sleeps that something else may cut short; a call while nobody sleeps cuts the next sleep short. */
export class Waker {
  private pending = false;
  private resolve: (() => void) | undefined;

  wake(): void {
    if (this.resolve !== undefined) this.resolve();
    else this.pending = true;
  }

  async sleep(ms: number): Promise<void> {
    // Others come first in any case: whoever is woken without end must not keep the whole process busy.
    await setImmediate();
    if (!this.pending) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.resolve = resolve;
        timer = setTimeout(resolve, ms);
      });
      clearTimeout(timer);
      this.resolve = undefined;
    }
    this.pending = false;
  }
}
