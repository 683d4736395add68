const { readFileSync, writeFileSync } = require('node:fs');
const path = require('node:path');

const folder = path.join(path.dirname(__dirname), 'workflows');

/** The workflows that exist for Stripe, too. */
const variants = ['bulk-cancel', 'crm-deal-lost'];

/** Texts of a workflow for FunnelFox, and what stands in their place. */
const texts = [
	[/sub_ada\b/g, 'sub_1SandboxSampleAda'],
	[/\bFunnelFox\b/g, 'Stripe'],
	[/\bfunnel[Ff]ox\b/g, 'stripe'],
	[/"funnelFoxApi"/g, '"stripeCancellationsApi"'],
	[/"rehearsalFunnelFox"/g, '"rehearsalStripe"'],
];

const inStripe = (text) => texts.reduce((all, [from, to]) => all.replace(from, to), text);

/** A node with the fields of the Stripe node. */
function withFields(node) {
	if (node.type !== 'n8n-nodes-cancellations.stripe') return node;
	const { additionalFields, ...parameters } = node.parameters;
	const { reason } = additionalFields;
	return {
		...node,
		parameters: {
			...parameters,
			when: 'periodEnd',
			additionalFields: reason === undefined ? {} : { comment: reason },
		},
	};
}

/** The workflow with the Stripe node in the place of the FunnelFox node. Its addresses are its own. */
function stripeVariant(workflow) {
	const { id, name } = workflow;
	const own = JSON.parse(inStripe(JSON.stringify(workflow)));
	const nodes = own.nodes.map(withFields).map((node) => ({
		...node,
		...(node.webhookId && { webhookId: `${node.webhookId}-stripe` }),
		parameters: withAddress(node.parameters, id),
	}));
	return { ...own, id: `${id}-stripe`, name: `${name} (Stripe)`, nodes };
}

/** A webhook and a form have their path in different places. */
function withAddress(parameters, id) {
	if (parameters.path === id) return { ...parameters, path: `${id}-stripe` };
	const { options } = parameters;
	if (options?.path !== id) return parameters;
	return { ...parameters, options: { ...options, path: `${id}-stripe` } };
}

const read = (id) => JSON.parse(readFileSync(path.join(folder, `${id}.json`), 'utf8'));

/** Writes the variants. */
async function writeVariants() {
	const { format, resolveConfig } = await import('prettier');
	for (const id of variants) {
		const file = path.join(folder, `${id}-stripe.json`);
		const text = JSON.stringify(stripeVariant(read(id)));
		writeFileSync(file, await format(text, { ...(await resolveConfig(file)), filepath: file }));
	}
}

module.exports = { variants, stripeVariant, writeVariants };
