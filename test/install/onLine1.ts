process.env.CANCELLATIONS_N8N = 'n8n-1';
