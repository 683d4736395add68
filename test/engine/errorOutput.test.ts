import { runNode } from '../host/harness';
import { cancelling, onFunnelFox } from './funnelFoxNode';

/*
 * What n8n does with the two shapes in which a failed item leaves, on both host lines: which output it
 * takes, what of its data is left, and whether Retry On Fail runs the node again for it.
 */
const settings = [
	{ onError: 'continueRegularOutput', maxTries: undefined, runs: 1 },
	// A row without a key `error` is no failure to n8n.
	{ onError: 'continueRegularOutput', maxTries: 3, runs: 1 },
	{ onError: 'continueErrorOutput', maxTries: undefined, runs: 1 },
	{ onError: 'continueErrorOutput', maxTries: 3, runs: 3 },
] as const;

test.each(settings)(
	'a failed item before a good one, On Error $onError, tries $maxTries: the node runs $runs times, and cancels once',
	async ({ onError, maxTries, runs }) =>
		await onFunnelFox(async (sandbox) => {
			const items = [{ id: 'sub_nobody' }, { id: 'sub_ada' }];
			const { main, errors } = await runNode(cancelling(sandbox, items, { onError, maxTries }));
			const good = { outcome: 'scheduled', ok: true };
			const rows = main.map(({ json: { outcome, ok } }) => ({ outcome, ok }));
			if (onError === 'continueRegularOutput') {
				expect(rows).toEqual([{ outcome: 'notFound', ok: false }, good]);
				expect(main[0].json).not.toHaveProperty('error');
			} else {
				expect(rows).toEqual([good]);
				expect(errors).toMatchObject([
					{
						json: { id: 'sub_nobody', error: { outcome: 'notFound' }, message: expect.any(String) },
					},
				]);
			}
			const sent = sandbox.requests('funnelFox').map(({ target }) => target);
			// The call and a look, for each run.
			expect(sent.filter((target) => target === 'sub_nobody')).toHaveLength(2 * runs);
			expect(sent.filter((target) => target === 'sub_ada')).toHaveLength(1);
		}),
);
