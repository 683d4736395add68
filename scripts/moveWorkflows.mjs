/**
 * Moves workflows from n8n-nodes-cancellations to the packages for one service each, for those who
 * change from the one to the others:
 *
 *   node moveWorkflows.mjs workflows.json > moved.json
 *
 * It takes what n8n exports (one workflow or a list), or what was copied from the canvas; without a
 * file, what is piped in. Only the types of the nodes change. It needs nothing but Node.
 */
import { readFileSync } from 'node:fs';

const whole = /^n8n-nodes-cancellations\.((\w+?)(?:Trigger)?(?:Tool)?)$/;

const moved = (type) =>
	type.replace(
		whole,
		(_, name, service) => `n8n-nodes-${service.toLowerCase()}-cancellations.${name}`,
	);

function move(value) {
	if (Array.isArray(value)) return value.map(move);
	if (typeof value !== 'object' || value === null) return value;
	// A node, wherever it stands; whatever else has a type of its own is left alone.
	const isNode = typeof value.type === 'string' && 'typeVersion' in value;
	const inside = Object.fromEntries(Object.entries(value).map(([key, one]) => [key, move(one)]));
	return isNode ? { ...inside, type: moved(value.type) } : inside;
}

const [file] = process.argv.slice(2);
try {
	const workflows = JSON.parse(readFileSync(file ?? 0, 'utf8'));
	process.stdout.write(`${JSON.stringify(move(workflows), null, 2)}\n`);
} catch ({ message }) {
	process.stderr.write(`${file ?? 'What was piped in'} could not be read: ${message}\n`);
	process.exitCode = 1;
}
