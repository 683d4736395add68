/** Currencies without and with three decimals (ISO 4217). */
const decimals: Record<string, number> = {
	...Object.fromEntries(
		['bif', 'clp', 'djf', 'gnf', 'jpy', 'kmf', 'krw', 'mga', 'pyg', 'rwf', 'vnd', 'vuv']
			.concat(['xaf', 'xof', 'xpf'])
			.map((currency) => [currency, 0]),
	),
	...Object.fromEntries(['bhd', 'jod', 'kwd', 'omr', 'tnd'].map((currency) => [currency, 3])),
};

/** An amount in the smallest unit, as billing APIs give it: 1999 and "usd" as "19.99 USD". */
export function formatAmount(amount: number, currency: string): string {
	const digits = decimals[currency.toLowerCase()] ?? 2;
	return `${(amount / 10 ** digits).toFixed(digits)} ${currency.toUpperCase()}`;
}
