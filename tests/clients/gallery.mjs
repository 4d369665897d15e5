// The gallery (gallery.cpp) while it is needed.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export async function withGallery(program, use) {
  const gallery = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    const lines = createInterface(gallery.stdout)[Symbol.asyncIterator]();
    const { value: port } = await lines.next();
    if (!port) throw new Error(`${program} does not say where it listens`);
    return await use(`http://127.0.0.1:${port}`);
  } finally {
    gallery.stdin.end();
  }
}
