import { afterEach, describe, expect, it, vi } from 'vitest';
import { createApiClient, signedUrl, type Carrier } from '../src/api/client';
import { ApiError } from '../src/api/problems';
import { newRid } from '../src/api/rid';
import { Nexts } from '../src/runner/nexts';

const CALLER = { account: 'demo-cafe', spot: '1', tablet: '2', application: '110', lang: 'uk', version: '0.1.0' };

async function problemFrom(response: { code: number; result: unknown } | null): Promise<unknown> {
  const carry: Carrier = (_url, _request, answer) => answer(response as { code: number; result: unknown });
  return createApiClient('https://api.example.test', () => CALLER, carry)
    .post('hello', {})
    .catch((error: ApiError) => error.problem);
}

afterEach(() => vi.useRealTimers());

describe('a request', () => {
  it('carries the signed parameters in its address', () => {
    expect(signedUrl('https://api.example.test/', 'checks/quote', CALLER, 'a'.repeat(32))).toBe(
      `https://api.example.test/terminal/v1/checks/quote?account=demo-cafe&spot=1&tablet=2&application=110&rid=${'a'.repeat(32)}&lang=uk&v=0.1.0`,
    );
  });

  it('keeps the request id of a repeat, and has a new one otherwise', async () => {
    const urls: string[] = [];
    const api = createApiClient('https://x.test', () => CALLER, (url, _request, answer) => {
      urls.push(new URL(url).searchParams.get('rid') ?? '');
      answer({ code: 200, result: '{}' });
    });
    await api.post('a', {}, { rid: 'r1' });
    await api.post('a', {}, { rid: 'r1' });
    await api.post('a', {});
    expect(urls.slice(0, 2)).toEqual(['r1', 'r1']);
    expect(urls[2]).toMatch(/^[0-9a-f]{32}$/);
  });

  it.each([
    ['JSON text', { code: 201, result: '{"check_id":"77"}' }],
    ['an object', { code: 200, result: { check_id: '77' } }],
  ])('takes %s for an answer', async (_name, response) => {
    const api = createApiClient('https://x.test', () => CALLER, (_url, _request, answer) => answer(response));
    expect(await api.post('checks/reserve', {})).toEqual({ check_id: '77' });
  });

  it('becomes the server’s typed problem', async () => {
    const result = JSON.stringify({ type: '/problems/quote-changed', title: 'x', status: 409, detail: 'Ask again.', code: 'quote-changed', extra: 1 });
    expect(await problemFrom({ code: 409, result })).toMatchObject({ code: 'quote-changed', status: 409, detail: 'Ask again.', members: { extra: 1 } });
  });

  it.each([
    ['no answer in time', { code: 0, result: false }, 'unreachable'],
    ['nothing at all', null, 'unreachable'],
    ['an answer that is no JSON', { code: 1, result: false }, 'not-json'],
    ['a proxy’s page with status 200', { code: 200, result: '<html>' }, 'not-json'],
    ['a proxy’s error page', { code: 502, result: '<html>' }, 'http-502'],
  ])('fails with a code after %s', async (_name, response, code) => {
    expect(await problemFrom(response)).toMatchObject({ code });
  });

  it('gives up after two seconds when the register never calls back', async () => {
    vi.useFakeTimers();
    const failed = createApiClient('https://x.test', () => CALLER, () => undefined).post('hello', {}).catch((error: ApiError) => error.problem.code);
    await vi.advanceTimersByTimeAsync(1999);
    expect(await Promise.race([failed, Promise.resolve('waiting')])).toBe('waiting');
    await vi.advanceTimersByTimeAsync(1);
    expect(await failed).toBe('unreachable');
  });

  it('has an unguessable id of 32 hex characters', () => {
    const ids = Array.from({ length: 50 }, newRid);
    expect(ids.every((id) => /^[0-9a-f]{32}$/.test(id))).toBe(true);
    expect(new Set(ids).size).toBe(50);
  });
});

describe('Poster’s next', () => {
  it('is called once, however often it is asked for', () => {
    const nexts = new Nexts();
    const next = vi.fn();
    const token = nexts.keep(next);
    nexts.call(token);
    nexts.call(token);
    nexts.callAll();
    nexts.call(99);
    expect(next).toHaveBeenCalledTimes(1);
  });

  it('is called for every waiting sale when all must go on', () => {
    const nexts = new Nexts();
    const calls: string[] = [];
    nexts.keep(() => calls.push('a'));
    nexts.keep(() => calls.push('b'));
    nexts.callAll();
    expect(calls).toEqual(['a', 'b']);
  });
});
