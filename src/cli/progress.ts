import type { Output } from './output.ts';

/** Milliseconds between two updates on a terminal. */
const PAUSE = 80;

/** Tells how far the work has come. */
export interface Progress {
  /** So many files are done. */
  update(done: number): void;
  /** Takes the last line away from a terminal. */
  end(): void;
}

const SILENT: Progress = { update: () => undefined, end: () => undefined };

/** On a terminal one line that changes; elsewhere, if it is asked for, a line for each tenth. */
export function showProgress(total: number, wanted: boolean | undefined, stream: Output): Progress {
  if (wanted === false || (wanted === undefined && stream.isTTY !== true)) return SILENT;
  return stream.isTTY === true ? onTerminal(total, stream) : inLines(total, stream);
}

function onTerminal(total: number, stream: Output): Progress {
  let shownAt = 0;
  return {
    update(done) {
      const now = performance.now();
      if (done > 0 && done < total && now - shownAt < PAUSE) return;
      shownAt = now;
      const width = 24;
      const full = Math.round((done / total) * width);
      const text = done === 0 ? 'reading types' : 'files';
      stream.write(`\r\u001B[2K${'█'.repeat(full)}${'░'.repeat(width - full)} ${done}/${total} ${text}`);
    },
    end() {
      stream.write('\r\u001B[2K');
    },
  };
}

function inLines(total: number, stream: Output): Progress {
  let tenth = -1;
  return {
    update(done) {
      const reached = Math.floor((done / total) * 10);
      if (reached === tenth) return;
      tenth = reached;
      stream.write(`${done}/${total} files\n`);
    },
    end: () => undefined,
  };
}
