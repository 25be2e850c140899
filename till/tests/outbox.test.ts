import { describe, expect, it } from 'vitest';
import { ASIDE_MAX, Outbox, WAITING_MAX, type Item, type Outcome, type Send } from '../src/outbox/outbox';
import { judge } from '../src/outbox/judge';
import type { Memory } from '../src/outbox/storage';
import { OUTAGE, problem } from './factories';

class Disk implements Memory {
  readonly kept: Record<string, string> = {};
  full = false;
  read(key: string): string | null {
    return this.kept[key] ?? null;
  }
  write(key: string, value: string): boolean {
    if (!this.full) this.kept[key] = value;
    return !this.full;
  }
}

function item(orderId: string, kind: Item['kind'] = 'finalize'): Item {
  return { v: 1, rid: `rid-${kind}-${orderId}`, kind, orderId, body: { orderId }, at: 1, tries: 0 };
}

/** A server that answers as told and remembers what it got. */
class Server {
  readonly got: string[] = [];
  outcomes: Outcome[] = [];
  readonly send: Send = async ({ rid }) => {
    this.got.push(rid);
    return this.outcomes.shift() ?? { end: 'done' };
  };
}

function outboxOn(disk: Disk, send: Send) {
  const counts: [number, number][] = [];
  return { outbox: new Outbox(disk, send, ({ waiting, setAside }) => counts.push([waiting, setAside])), counts };
}

describe('the outbox', () => {
  it('delivers in order, oldest first, and tells how many receipts wait', async () => {
    const server = new Server();
    const { outbox, counts } = outboxOn(new Disk(), server.send);
    outbox.add(item('1', 'cancel'));
    outbox.add(item('1'));
    outbox.add(item('2'));
    await outbox.flush();
    expect(server.got).toEqual(['rid-cancel-1', 'rid-finalize-1', 'rid-finalize-2']);
    expect(counts).toEqual([[0, 0], [1, 0], [2, 0], [2, 0], [1, 0], [0, 0]]);
  });

  it('keeps an item before it is sent: a crash in between loses nothing', async () => {
    const disk = new Disk();
    outboxOn(disk, new Server().send).outbox.add(item('1'));
    // The register dies here. Its next start finds the item.
    const server = new Server();
    const { outbox } = outboxOn(disk, server.send);
    expect(outbox.count()).toEqual({ waiting: 1, setAside: 0 });
    await outbox.flush();
    expect(server.got).toEqual(['rid-finalize-1']);
  });

  it('repeats an item whose answer was lost in a crash, under the same request id', async () => {
    const disk = new Disk();
    const server = new Server();
    const dying = outboxOn(disk, (one, keep) => {
      void server.send(one, keep);
      return new Promise(() => undefined);
    }).outbox;
    dying.add(item('1'));
    void dying.flush();
    await Promise.resolve();
    await outboxOn(disk, server.send).outbox.flush();
    expect(server.got).toEqual(['rid-finalize-1', 'rid-finalize-1']);
    expect(outboxOn(disk, server.send).outbox.count().waiting).toBe(0);
  });

  it('stops at the first that must wait, and goes on from there', async () => {
    const server = new Server();
    server.outcomes = [{ end: 'done' }, { end: 'later' }];
    const { outbox } = outboxOn(new Disk(), server.send);
    ['1', '2', '3'].forEach((id) => outbox.add(item(id)));
    await outbox.flush();
    expect(server.got).toEqual(['rid-finalize-1', 'rid-finalize-2']);
    expect(outbox.count()).toEqual({ waiting: 2, setAside: 0 });
    await outbox.flush();
    expect(server.got.slice(2)).toEqual(['rid-finalize-2', 'rid-finalize-3']);
  });

  it('sets a refused item aside, keeps it, and goes on with the next', async () => {
    const disk = new Disk();
    const server = new Server();
    server.outcomes = [{ end: 'refused', problem: problem('check-mismatch', 409) }];
    const { outbox } = outboxOn(disk, server.send);
    outbox.add(item('1'));
    outbox.add(item('2'));
    await outbox.flush();
    expect(server.got).toEqual(['rid-finalize-1', 'rid-finalize-2']);
    expect(outbox.count()).toEqual({ waiting: 0, setAside: 1 });
    expect(JSON.parse(disk.read('incust.outbox.aside.v1') ?? '')).toMatchObject([{ orderId: '1', code: 'check-mismatch' }]);
    expect(outboxOn(disk, server.send).outbox.count()).toEqual({ waiting: 0, setAside: 1 });
  });

  it('keeps an item whose sending faults in our own code', async () => {
    const { outbox } = outboxOn(new Disk(), () => Promise.reject(new Error('fault')));
    outbox.add(item('1'));
    await outbox.flush();
    expect(outbox.count()).toEqual({ waiting: 1, setAside: 0 });
  });

  it('runs one flush at a time', async () => {
    const server = new Server();
    const { outbox } = outboxOn(new Disk(), server.send);
    outbox.add(item('1'));
    await Promise.all([outbox.flush(), outbox.flush(), outbox.flush()]);
    expect(server.got).toEqual(['rid-finalize-1']);
  });

  it('takes a receipt once, however often it is reported', () => {
    const { outbox } = outboxOn(new Disk(), new Server().send);
    outbox.add(item('1'));
    outbox.add({ ...item('1'), rid: 'another' });
    expect(outbox.count().waiting).toBe(1);
  });

  it('is bounded: the oldest are set aside', () => {
    const { outbox } = outboxOn(new Disk(), new Server().send);
    for (let i = 0; i < WAITING_MAX + 3; i += 1) outbox.add(item(String(i)));
    expect(outbox.count()).toEqual({ waiting: WAITING_MAX, setAside: 3 });
    for (let i = 0; i < ASIDE_MAX; i += 1) outbox.add(item(`more-${i}`));
    expect(outbox.count()).toEqual({ waiting: WAITING_MAX, setAside: ASIDE_MAX });
  });

  it('takes back a cancellation before its order is reserved anew', async () => {
    const server = new Server();
    const { outbox } = outboxOn(new Disk(), server.send);
    outbox.add(item('1', 'cancel'));
    outbox.add(item('2', 'cancel'));
    await outbox.withdrawCancel('1');
    await outbox.flush();
    expect(server.got).toEqual(['rid-cancel-2']);
  });

  it('waits for a cancellation that is on its way before its order is reserved anew', async () => {
    let answer: (outcome: Outcome) => void = () => undefined;
    const { outbox } = outboxOn(new Disk(), () => new Promise((resolve) => (answer = resolve)));
    outbox.add(item('1', 'cancel'));
    void outbox.flush();
    let isFree = false;
    const withdrawn = outbox.withdrawCancel('1').then(() => (isFree = true));
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(isFree).toBe(false);
    answer({ end: 'done' });
    await withdrawn;
    expect(isFree).toBe(true);
  });

  it('goes on in this session when the register’s memory is full', async () => {
    const disk = new Disk();
    disk.full = true;
    const server = new Server();
    const { outbox } = outboxOn(disk, server.send);
    outbox.add(item('1'));
    await outbox.flush();
    expect(server.got).toEqual(['rid-finalize-1']);
  });

  it.each([['nonsense'], ['{"a":1}'], ['[1,null,{"v":2,"rid":"x","kind":"finalize"}]']])('starts empty over unreadable memory %s', (text) => {
    const disk = new Disk();
    disk.kept['incust.outbox.v1'] = text;
    expect(outboxOn(disk, new Server().send).outbox.count().waiting).toBe(0);
  });
});

describe('a failed attempt', () => {
  it.each([[OUTAGE], [problem('busy', 503)], [problem('signature-stale', 401)], [problem('register-unknown', 403)], [problem('http-429', 429)], [problem('not-json', 200)], [problem('till-fault', 0)]])(
    'waits after $code',
    (failed) => expect(judge(failed)).toEqual({ end: 'later' }),
  );

  it.each([[problem('check-mismatch', 409)], [problem('invalid-input', 422)], [problem('customer-unknown', 404)], [problem('malformed-request', 400)]])(
    'is final after $code',
    (failed) => expect(judge(failed)).toEqual({ end: 'refused', problem: failed }),
  );
});
