import fc from 'fast-check';

import {
	fillPath,
	parsePath,
	problemWithTarget,
} from '../../../nodes/HttpCancellation/pathTemplate';
import { anyText } from '../../anyText';
import { targetId } from '../../../nodes/HttpCancellation/fields';
import { Refusal } from '../../../nodes/shared/contract/refusal';
import { buildUrl } from '../../../nodes/shared/http/baseUrl';

const bases = [
	'https://api.example.com',
	'https://api.example.com/admin/v1',
	'http://localhost:8080/x',
];
const context = { timeZone: 'UTC', now: new Date() };

/** Signs with which a path could be led astray, beside harmless ones. */
const hostileText = fc.oneof(
	anyText({ maxLength: 30 }),
	fc.string({
		unit: fc.constantFrom(...'/\\.%2eE5cCfF;?#@:{}id&=+ \t\n\r\0ü\u202e\u2028~a1'),
		maxLength: 24,
	}),
	fc.constantFrom(
		'/..',
		'/../admin',
		'/a/../../b/{id}',
		'/%2e%2e/{id}',
		'/%252e%252e/{id}',
		'/.%2E/{id}',
		'/..;/{id}',
		'/a/..;x=1/{id}',
		'/{id}/%2f..%2f',
		'/a%5c..%5c{id}',
		'//evil.test/{id}',
		'/\\evil.test/{id}',
		'\\/evil.test',
		'@evil.test/{id}',
		':80@evil.test/{id}',
		'.evil.test/{id}',
		'https://evil.test/{id}',
		'/{id}#/cancel',
		'/{id}?a=b#c',
		'/{reason}',
		'/{{ $json.id }}',
		'/{id',
		'/id}',
		'/{ID}',
		'/{}',
		'/a//b/{id}',
		'/%00{id}',
		'/%0d%0aX: 1/{id}',
		'/%',
		'/%zz',
		'/%c0%ae%c0%ae/{id}',
		'/{id}?a=%0d%0aX',
	),
);
const sound = fc.constantFrom(
	'/subscriptions/{id}/cancel',
	'/{id}',
	'/u/{id}.json?a={id}',
	'/a/.{id}',
);
const prefixed = hostileText.map((text) => (text.startsWith('/') ? text : `/a/${text}`));
const hostileIds = fc.oneof(
	hostileText,
	fc.constantFrom('a/../b', '4711/2', 'a//b', '../x', 'x/.', '/x'),
);

/** The template, or the refusal. */
function parsed(raw: unknown): string | Refusal {
	try {
		return parsePath(raw, 'Path');
	} catch (thrown) {
		if (thrown instanceof Refusal) return thrown;
		throw thrown;
	}
}

/** The ID as the node takes it, or undefined. */
function parsedId(raw: string): string | undefined {
	try {
		return targetId.parse(raw, context);
	} catch (thrown) {
		if (thrown instanceof Refusal) return undefined;
		throw thrown;
	}
}

test('whatever stands in Path and ID, a request stays below the base URL, or it is invalid', () => {
	let built = 0;
	fc.assert(
		fc.property(
			fc.constantFrom(...bases),
			fc.oneof(
				sound,
				hostileText,
				prefixed,
				prefixed.map((path) => `${path}/{id}/cancel`),
			),
			hostileIds,
			(baseUrl, raw, rawId) => {
				const template = parsed(raw);
				if (template instanceof Refusal) {
					expect(template.outcome).toBe('invalid');
					expect(template.message).toMatch(/^Path .+\. Nothing was sent\. .+\.$/s);
					return;
				}
				const id = parsedId(rawId);
				if (id === undefined) return;
				built++;
				const path = fillPath(template, id);
				const address = buildUrl({ baseUrl }, { path });
				// As the HTTP client, a server that decodes once, and one that decodes twice read it.
				const [beforeQuery] = address.split('?');
				const readings = [beforeQuery, decodeURIComponent(template.split('?')[0])];
				expect(new URL(address).pathname).toBe(new URL(beforeQuery).pathname);
				expect(new URL(beforeQuery).href).toBe(beforeQuery);
				for (const reading of readings) expect(reading).not.toMatch(/(^|\/)\.{1,2}(;|\/|$)|\\/);
				const segments = (text: string) => text.split('?')[0].split('/').length;
				expect(segments(path)).toBe(segments(template));
				expect(path).not.toMatch(/[{}#\\\s]/);
			},
		),
		{ numRuns: 3000 },
	);
	expect(built).toBeGreaterThan(50);
});

test('what an ID leads to after decoding stays below its own path', () => {
	fc.assert(
		fc.property(hostileIds, (raw) => {
			const id = parsedId(raw);
			if (id === undefined) return;
			const decoded = decodeURIComponent(fillPath('/s/{id}', id));
			expect(new URL(`https://a.test${encodeURI(decoded)}`).pathname).toMatch(/^\/s\/./);
			expect(decoded).not.toMatch(/\/\/|\/\.{1,2}(\/|;|$)/);
		}),
		{ numRuns: 2000 },
	);
});

test.each<[unknown, RegExp]>([
	['', /^Path is empty\. Nothing was sent\. Fill in/],
	[undefined, /is empty/],
	[7, /is empty/],
	['subscriptions/{id}', /does not begin with "\/"/],
	['https://evil.test/{id}', /does not begin with "\/".+without the base URL/],
	['//evil.test/{id}', /holds an empty part/],
	['/a//{id}', /holds an empty part/],
	['/a/./{id}', /holds "\." or "\.\." as a part/],
	['/a/../{id}', /holds "\." or "\.\." as a part/],
	['/a/..;v=1/{id}', /holds "\." or "\.\." as a part/],
	['/a\\b/{id}', /holds a character that no path has/],
	['/a b/{id}', /holds a character that no path has/],
	['/a\u0000/{id}', /holds a character that no path has/],
	['/ü/{id}', /holds a character that no path has/],
	['/{id}#x', /holds a character that no path has/],
	['/%2e%2e/{id}', /holds "%2e%2e", which may lead to another place/],
	['/%2F/{id}', /which may lead/],
	['/%5c/{id}', /which may lead/],
	['/%252e/{id}', /which may lead/],
	['/%0a/{id}', /which may lead/],
	['/%c0%ae/{id}', /which may lead/],
	['/{id}?x=%0D%0A', /which may lead/],
	['/%4/{id}', /which may lead/],
	['/{name}/{id}', /holds a placeholder that is not known/],
	['/{id}/{reason}', /holds a placeholder that is not known/],
	['/{{id}}', /holds a placeholder that is not known/],
	[`/${'a'.repeat(2000)}`, /is too long/],
])('%j is not a path', (raw, words) => {
	expect(() => parsePath(raw, 'Path')).toThrow(words);
});

test.each([
	['/subscriptions/{id}/cancel', '/subscriptions/a%2Fb/cancel'],
	['/users/{id}.json?force=true&by=n8n', '/users/a%2Fb.json?force=true&by=n8n'],
	['/cancel?id={id}', '/cancel?id=a%2Fb'],
	['/v1/subscriptions/{id}:cancel', '/v1/subscriptions/a%2Fb:cancel'],
	['/caf%C3%A9/{id}/', '/caf%C3%A9/a%2Fb/'],
	['/', '/'],
])('%s is one, and holds the ID as one part', (template, path) => {
	expect(fillPath(parsePath(` ${template}\n`, 'Path'), 'a/b')).toBe(path);
});

test.each([
	['4711/2', undefined],
	['a/../b', 'could lead'],
	['../b', 'could lead'],
	['a//b', 'could lead'],
	['a/..;x', 'could lead'],
	['/a', 'could lead'],
	['a.b', undefined],
])('the ID %s: %s', (id, problem) => {
	const found = problemWithTarget(id);
	if (problem === undefined) expect(found).toBeUndefined();
	else expect(found).toContain(problem);
});
