import type { IDataObject, INodeProperties, INodeTypeDescription } from 'n8n-workflow';
import type { Provider } from '../../nodes/shared/contract/provider';
import type { Facts } from '../../test/providers/facts';
import type { Service } from './service';

/** The data that a README is generated from. */
export interface Source {
	service: Service;
	provider: Provider;
	/** Undefined where the provider has no trigger. */
	trigger?: INodeTypeDescription;
	facts: Facts;
	/** The text of docs/<name>.md. */
	page: string;
	/** The package of all providers: name, version, web address, and its README's Compatibility section. */
	whole: { name: string; version: string; address: string; compatibility: string };
}

/** The README of a provider's package: its page with installation, operations and an example. */
export function readmeOf(source: Source): string {
	const { service, provider, whole } = source;
	const page = source.page.replaceAll(`${whole.name}.`, `${service.packageName}.`);
	const [head, ...sections] = linked(page, whole).split(/\n(?=## )/);
	const intro = head.replace(/^# .*\n/, '').trim();
	const [access, ...rest] = sections;
	const docs = `${whole.address}/blob/v${whole.version}/docs`;
	return `# ${service.packageName}

> Generated from [${whole.name}](${whole.address}) ${whole.version}, which holds the same nodes for several services.
> Nothing is edited here: please report and propose changes [there](${whole.address}).

n8n nodes for **${provider.displayName}**. ${intro}

Every write starts as a dry run, is sent once however often it is tried, and comes out as one row in plain words.
[What is promised, and the tests of it](${docs}/safety.md).

## Installation

In n8n: **Settings → Community nodes → Install**, package name \`${service.packageName}\`. While n8n has not verified it, n8n 3
and newer need \`N8N_UNVERIFIED_PACKAGES_ENABLED=true\`. [Docker and by hand](${docs}/install.md), [queue mode](${docs}/queue-mode.md),
[how to move a workflow from \`${whole.name}\`](${docs}/move.md).

${access.replace(/^## Access/, '## Authentication').trim()}

## Usage

${operations(provider)}
${source.trigger ? `\n${triggerTable(source.trigger)}\n` : ''}
**Dry Run** is on in every new node: it previews what would happen, and changes nothing. \`ended\` is true if nothing is active any
more or the end is fixed; [\`outcome\`](${docs}/outcomes.md) says what happened, in the same words for every service.

## Example workflow

Copy it and paste it onto n8n's canvas, choose your credential in the node, and put a customer of yours in its place.
It is a dry run until you turn that off. [More of them](${docs}/workflows.md).

\`\`\`json
${JSON.stringify(example(source), null, '\t')}
\`\`\`

${rest.join('\n').trim()}

## Compatibility

${whole.compatibility}

## Resources

[Changes](CHANGELOG.md) · [how it is built](${whole.address}) ·
[n8n's documentation of community nodes](https://docs.n8n.io/integrations/#community-nodes)

## License

[MIT](LICENSE)
`;
}

/** The page with absolute links. */
function linked(page: string, { address, version }: Source['whole']): string {
	return page
		.replace(/\]\(#access\)/g, '](#authentication)')
		.replace(/\]\((?!https?:|#)(images\/[^)]+)\)/g, `](${address}/raw/v${version}/docs/$1)`)
		.replace(/\]\((?!https?:|#)([^)]+)\)/g, `](${address}/blob/v${version}/docs/$1)`);
}

function operations({ operations: all }: Provider): string {
	const rows = Object.entries(all).map(
		([value, { name, description, effect }]) =>
			`| ${name} (\`${value}\`) | ${description} | ${effect === 'read' ? '' : 'yes'} |`,
	);
	return ['| operation | what it does | dry run |', '| --- | --- | --- |', ...rows].join('\n');
}

/** The trigger's fields, as its panel shows them: what each does, and its default. */
function triggerTable({ displayName, description, properties }: INodeTypeDescription): string {
	const fields = properties.flatMap((property) =>
		property.type === 'collection' ? (property.options as INodeProperties[]) : [property],
	);
	const rows = fields
		.filter(({ type }) => type !== 'notice')
		.map((field) => `| ${field.displayName} | ${field.description} | ${defaultOf(field)} |`);
	if (rows.length === 0) return `**${displayName}**: ${description}. It has no options.`;
	const head = ['| option | what it does | default |', '| --- | --- | --- |'];
	return [`**${displayName}**: ${description}.`, '', ...head, ...rows].join('\n');
}

function defaultOf({ default: value, options = [] }: INodeProperties): string {
	if (typeof value === 'boolean') return value ? 'on' : 'off';
	const labels = new Map(
		options.map((option) => ['value' in option ? option.value : undefined, option.name]),
	);
	const values = (Array.isArray(value) ? value : [value]) as string[];
	return values.map((one) => labels.get(one) ?? String(one)).join(', ');
}

/** The operation of the example: the one that cancels, preferably in one step. */
export function mainOperation({ operations: all }: Provider): string {
	const ends = Object.keys(all).filter((name) => all[name].effect === 'cancel');
	return ends.includes('cancel') ? 'cancel' : ends[0];
}

/** An example workflow: a customer, the node as a dry run, and a check of the result. */
export function example({ service, provider, facts }: Source) {
	const operation = mainOperation(provider);
	const node = (name: string, type: string, at: number, more: IDataObject) => ({
		id: name,
		name,
		type,
		position: [at, 0],
		...more,
	});
	const { name } = provider.operations[operation];
	const set = { mode: 'raw', jsonOutput: JSON.stringify({ customer: facts.ada }), options: {} };
	const ended = {
		id: 'ended',
		leftValue: '={{ $json.ended }}',
		rightValue: '',
		operator: { type: 'boolean', operation: 'true', singleValue: true },
	};
	const link = (to: string) => ({ main: [[{ node: to, type: 'main', index: 0 }]] });
	return {
		nodes: [
			node('Start', 'n8n-nodes-base.manualTrigger', 0, { typeVersion: 1, parameters: {} }),
			node('Customer', 'n8n-nodes-base.set', 200, { typeVersion: 3.4, parameters: set }),
			node(name, `${service.packageName}.${service.name}`, 400, {
				typeVersion: 1,
				parameters: {
					resource: provider.resource.value,
					operation,
					...facts.samples[operation]('={{ $json.customer }}'),
					dryRun: true,
				},
			}),
			node('Has it ended?', 'n8n-nodes-base.if', 600, {
				typeVersion: 2.2,
				parameters: {
					conditions: {
						options: { version: 2, caseSensitive: true, leftValue: '', typeValidation: 'strict' },
						combinator: 'and',
						conditions: [ended],
					},
					options: {},
				},
			}),
		],
		connections: {
			Start: link('Customer'),
			Customer: link(name),
			[name]: link('Has it ended?'),
		},
	};
}
