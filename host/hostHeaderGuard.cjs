/**
 * A hook of n8n (EXTERNAL_HOOK_FILES) that rejects requests whose Host header does not name this
 * machine. It protects n8n from a web page that uses DNS rebinding.
 */
const names = new Set(['127.0.0.1', 'localhost', '[::1]']);

const isLocal = ({ headers: { host = '' } }) => names.has(host.toLowerCase().replace(/:\d+$/, ''));

function guard(server, event, reject) {
	const listeners = server.listeners(event);
	server.removeAllListeners(event);
	server.on(event, (request, ...rest) => {
		if (!isLocal(request)) return reject(...rest);
		for (const listener of listeners) listener.call(server, request, ...rest);
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
