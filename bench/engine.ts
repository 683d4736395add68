import { addBareNode, cancelling, inTurn, ms, startApi, timed, type Row } from './sides';

/** Measures in n8n-core's engine, in this process: speed, cost beside a bare node, growth, dry run. */
export async function engineMeasures(
	wanted: (measure: number) => boolean,
	quick: boolean,
): Promise<Row[]> {
	const rows: Row[] = [];
	const times = quick ? 1 : 5;
	const near = await startApi(0);
	const far = await startApi(50);
	const ours = (count: number) => async () => await timed(cancelling(near.url, count, 10));
	const bare = (count: number) => async () =>
		await timed(cancelling(near.url, count, 10, { node: 'bare' }));
	try {
		await addBareNode();
		// Before anything counts, both sides have been compiled.
		await inTurn(1, ours(2000), bare(2000));
		const many = quick ? 200 : 1000;

		if (wanted(1) || wanted(6)) {
			const [helper] = await inTurn(times, bare(many));
			const floor = Math.max((many * 50) / 10, helper);
			for (const dryRun of [false, true]) {
				if (!wanted(dryRun ? 6 : 1)) continue;
				const [fast] = await inTurn(
					times,
					async () => await timed(cancelling(far.url, many, 10, { dryRun })),
				);
				const [slow] = await inTurn(
					1,
					async () => await timed(cancelling(far.url, many, 1, { dryRun })),
				);
				rows.push({
					measure: `${dryRun ? '6. dry run of' : '1.'} ${many} items, 50 ms answers, 10 lanes`,
					bound: `at most 1.25 × ${ms(floor)}; at least 6 × faster than one at a time`,
					found: `${ms(fast)} = ${(fast / floor).toFixed(2)} ×; one at a time ${ms(slow)} = ${(slow / fast).toFixed(1)} ×`,
					met: fast <= 1.25 * floor && slow >= 6 * fast,
				});
			}
		}

		if (wanted(2)) {
			const count = quick ? 1000 : 5000;
			const [mine, peer] = await inTurn(quick ? 3 : 7, ours(count), bare(count));
			rows.push({
				measure: `2. cost per item at no latency, ${count} items, beside a bare node in the same lanes`,
				bound: 'at most 1.15 ×',
				found: `${ms(mine / count)} beside ${ms(peer / count)} = ${(mine / peer).toFixed(2)} ×`,
				met: mine <= 1.15 * peer,
			});
		}

		if (wanted(5)) {
			const counts = quick ? [100, 1000] : [100, 1000, 10_000];
			const taken = await inTurn(times, ...counts.map(ours));
			const each = taken.map((took, index) => took / counts[index]);
			const ratio = each[each.length - 1] / each[0];
			rows.push({
				measure: `5. growth: cost per item at ${counts.join(', ')} items`,
				bound: 'last : first at most 1.3',
				found: `${each.map(ms).join(', ')}; ratio ${ratio.toFixed(2)}`,
				met: ratio <= 1.3,
			});
		}
	} finally {
		near.close();
		far.close();
	}
	return rows;
}
