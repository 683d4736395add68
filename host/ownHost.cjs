/**
 * A hook of n8n's (EXTERNAL_HOOK_FILES): it answers only to those who call it by this machine's
 * own name. A page on the web whose name leads here (DNS rebinding) gets nothing.
 */
const names = new Set(['127.0.0.1', 'localhost', '[::1]']);

const isOwn = ({ headers: { host = '' } }) => names.has(host.toLowerCase().replace(/:\d+$/, ''));

function guard(server, event, refuse) {
	const answers = server.listeners(event);
	server.removeAllListeners(event);
	server.on(event, (request, ...rest) => {
		if (!isOwn(request)) return refuse(...rest);
		for (const answer of answers) answer.call(server, request, ...rest);
	});
}

module.exports = {
	n8n: {
		ready: [
			async ({ server }) => {
				guard(server, 'request', (response) => response.writeHead(403).end());
				guard(server, 'upgrade', (socket) => socket.destroy());
			},
		],
	},
};
