import { withDeadline } from '../../nodes/shared/http/deadline';
import { maybeDelivered, notSent, type CallResult } from '../../nodes/shared/http/response';
import { onVirtualClock } from './virtualClock';

const answer: CallResult = { kind: 'response', status: 200, headers: {}, body: {} };
const never = async () => await new Promise<CallResult>(() => {});

describe('a request with a deadline', () => {
	test('that is answered in time has its answer, and its connection stays', async () =>
		await onVirtualClock(async (clock) => {
			let connection: AbortSignal | undefined;
			const { signal } = new AbortController();
			const result = await withDeadline({ timeout: 1000, signal }, async (ends) => {
				connection = ends;
				await clock.sleep(999);
				return answer;
			});
			expect(result).toBe(answer);
			await clock.sleep(10_000);
			expect(connection?.aborted).toBe(false);
		}));

	test('that is not answered in time may have been delivered, and its connection ends', async () =>
		await onVirtualClock(async (clock) => {
			let connection: AbortSignal | undefined;
			const { signal } = new AbortController();
			const startedAt = clock.monotonicNow();
			const result = await withDeadline({ timeout: 1000, signal }, async (ends) => {
				connection = ends;
				return await never();
			});
			expect(result).toEqual(maybeDelivered('no answer in time'));
			expect(clock.monotonicNow() - startedAt).toBe(1000);
			expect(connection?.aborted).toBe(true);
		}));

	test('does not leave after a stop', async () => {
		const send = jest.fn();
		const result = await withDeadline({ timeout: 1000, signal: AbortSignal.abort() }, send);
		expect(result).toEqual(notSent('the execution was stopped'));
		expect(send).not.toHaveBeenCalled();
	});

	test('that is stopped may have been delivered, and its connection ends', async () =>
		await onVirtualClock(async (clock) => {
			const stop = new AbortController();
			let connection: AbortSignal | undefined;
			void clock.sleep(500).then(() => stop.abort());
			const { signal } = stop;
			const result = await withDeadline({ timeout: 1000, signal }, async (ends) => {
				connection = ends;
				return await never();
			});
			expect(result).toEqual(maybeDelivered('the execution was stopped before it answered'));
			expect(connection?.aborted).toBe(true);
		}));

	test('is not touched by a stop after its answer', async () => {
		const stop = new AbortController();
		let connection: AbortSignal | undefined;
		await withDeadline({ timeout: 1000, signal: stop.signal }, async (ends) => {
			connection = ends;
			return await Promise.resolve(answer);
		});
		stop.abort();
		expect(connection?.aborted).toBe(false);
	});
});
