/**
 * Loaded before the server (`--import`): it stops when the process that started it is gone, however that ended. The channel alone keeps
 * nothing alive.
 */
process.on('disconnect', () => {
  process.kill(process.pid, 'SIGTERM');
});
process.channel?.unref();
