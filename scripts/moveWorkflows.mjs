/**
 * Moves workflows from n8n-nodes-cancellations to the packages for one provider each:
 *
 *   node moveWorkflows.mjs workflows.json > moved.json
 *
 * The input is an export of n8n (one workflow or a list of them) or nodes that were copied from the
 * canvas; without a file name it is read from stdin. Stdout gets the workflows that changed, and no
 * others: n8n unpublishes every workflow that it imports. Stderr names them. Only the types of nodes
 * change. The script needs Node.js and nothing else.
 */
import { readFileSync, writeSync } from 'node:fs';

const ownType = /^n8n-nodes-cancellations\.((\w+?)(?:Trigger)?(?:Tool)?)$/;

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const isWorkflow = (value) =>
	isObject(value) && Array.isArray(value.nodes) && value.nodes.every(isNode);
const isNode = (value) => isObject(value) && typeof value.type === 'string';

/** The workflow with the types of its nodes changed, and how many were: `{ workflow, count }`. */
function moveWorkflow(workflow) {
	let count = 0;
	const nodes = workflow.nodes.map((node) => {
		const type = node.type.replace(
			ownType,
			(_, name, provider) => `n8n-nodes-${provider.toLowerCase()}-cancellations.${name}`,
		);
		const moved = type === node.type ? node : { ...node, type };
		const inner = moveSubWorkflow(moved.parameters?.workflowJson);
		count += (type === node.type ? 0 : 1) + inner.count;
		return inner.count === 0
			? moved
			: { ...moved, parameters: { ...moved.parameters, workflowJson: inner.value } };
	});
	return { workflow: count === 0 ? workflow : { ...workflow, nodes }, count };
}

/** A sub-workflow that a node holds as an object, as JSON text, or as JSON text in expression mode. */
function moveSubWorkflow(value) {
	if (typeof value !== 'string')
		return isWorkflow(value) ? unwrap(moveWorkflow(value)) : none(value);
	const [, mode, text] = /^(=?)([^]*)$/.exec(value);
	const inner = parsedOrUndefined(text);
	if (!isWorkflow(inner)) return none(value);
	const { workflow, count } = moveWorkflow(inner);
	const [, indent] = /\n([ \t]+)/.exec(text) ?? [];
	return { value: mode + JSON.stringify(workflow, null, indent), count };
}

const none = (value) => ({ value, count: 0 });
const unwrap = ({ workflow, count }) => ({ value: workflow, count });

function parsedOrUndefined(text) {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** @throws Error where the input is no workflow and no list of workflows */
function readWorkflows(text) {
	// An editor or a shell on Windows may have put a byte order mark in front.
	const value = JSON.parse(text.replace(/^\uFEFF/, ''));
	const workflows = Array.isArray(value) ? value : [value];
	const index = workflows.findIndex((one) => !isWorkflow(one));
	if (index >= 0) {
		const place = Array.isArray(value) ? `entry ${index + 1} of the list` : 'it';
		throw new Error(`${place} is not a workflow, because it has no list of nodes`);
	}
	return { workflows, isList: Array.isArray(value) };
}

function nameOf({ name, id }) {
	return [name && `"${name}"`, id && `(${id})`].filter(Boolean).join(' ') || 'The copied nodes';
}

/** Writes all of it, however slowly the reader of the pipe reads. */
function write(descriptor, text) {
	let rest = Buffer.from(text);
	while (rest.length > 0) {
		try {
			rest = rest.subarray(writeSync(descriptor, rest));
		} catch (reason) {
			if (reason.code === 'EPIPE') return;
			if (reason.code !== 'EAGAIN') throw reason;
		}
	}
}

const [file] = process.argv.slice(2);
try {
	// 0 is stdin.
	const { workflows, isList } = readWorkflows(readFileSync(file ?? 0, 'utf8'));
	const changed = workflows.map(moveWorkflow).filter(({ count }) => count > 0);
	if (changed.length === 0) {
		throw new Error('it has no node of n8n-nodes-cancellations, so there is nothing to move');
	}
	const output = changed.map(({ workflow }) => workflow);
	write(1, `${JSON.stringify(isList ? output : output[0], null, 2)}\n`);
	for (const { workflow, count } of changed) {
		write(2, `${nameOf(workflow)}: ${count} ${count === 1 ? 'node' : 'nodes'} moved\n`);
	}
	const others = workflows.length - changed.length;
	if (others > 0) {
		write(
			2,
			`Left out: ${others} ${others === 1 ? 'workflow' : 'workflows'} without such a node\n`,
		);
	}
} catch ({ message }) {
	write(2, `Nothing was moved from ${file ?? 'stdin'}: ${message}\n`);
	process.exitCode = 1;
}
