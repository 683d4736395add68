// A bare API in a process of its own: answers like FunnelFox after a fixed time, keeps connections.
import { createServer } from 'node:http';

const latency = Number(process.argv[2] ?? 0);

const server = createServer((request, response) => {
	request.resume();
	const cancelled = request.method === 'POST';
	const record = {
		id: request.url.split('/')[2],
		psp_id: 'sub_1NG8Du2eZvKYlo2C',
		status: cancelled ? 'cancelled' : 'active',
		renews: !cancelled,
		profile: { id: 'pro_1', email: 'somebody@example.com' },
		product: { id: 'prod_1', name: 'Plus', status: 'active' },
		period_ends_at: '2099-12-31T00:00:00.000Z',
		updated_at: '2026-01-01T00:00:00.000Z',
	};
	const answer = () => {
		response.writeHead(200, { 'Content-Type': 'application/json' });
		response.end(JSON.stringify(record));
	};
	if (latency > 0) setTimeout(answer, latency);
	else answer();
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
