using System.Net.Sockets;

namespace Outerloop.Cli.Commands.Bench.Gateway;

/// <summary>
/// So many clients that each send a request when the one before is answered. They take as little of the processors as they can, which
/// they share with the server: one thread looks after all, requests are bytes before it begins, and replies are read when all is over.
/// </summary>
internal sealed class LoadClients : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Uri _url;
    private readonly Dictionary<Socket, LoadClient> _clients;

    /// <exception cref="OutsideException">Nobody listens.</exception>
    public LoadClients(Uri url, int clients, TimeProvider clock)
    {
        _url = url;
        _clients = Enumerable.Range(0, clients).Select(_ => new LoadClient(url, clock)).ToDictionary(client => client.Socket);
    }

    /// <param name="bodies">Sent in their order; of each the reply, in the same order.</param>
    /// <param name="answered">Is told how many are answered.</param>
    /// <param name="cancellation">Stops all.</param>
    /// <exception cref="OutsideException">The server fails.</exception>
    public Task<LoadReply[]> Ask(IReadOnlyList<byte[]> bodies, Action<int> answered, CancellationToken cancellation)
    {
        byte[][] requests = [.. bodies.Select(body => LoadClient.Request(_url, body))];
        return Task.Factory.StartNew(() => AskAll(requests, answered, cancellation), cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public void Dispose()
    {
        foreach (LoadClient client in _clients.Values)
            client.Dispose();
    }

    private LoadReply[] AskAll(byte[][] requests, Action<int> answered, CancellationToken cancellation)
    {
        var replies = new LoadReply[requests.Length];
        int next = 0, done = 0;
        var waiting = new HashSet<Socket>();
        void AskNext(LoadClient client)
        {
            if (next == requests.Length)
            {
                waiting.Remove(client.Socket);
                return;
            }

            client.Ask(next, requests[next]);
            waiting.Add(client.Socket);
            next++;
        }

        try
        {
            foreach (LoadClient client in _clients.Values)
                AskNext(client);
            var ready = new List<Socket>();
            while (waiting.Count > 0)
            {
                cancellation.ThrowIfCancellationRequested();
                ready.Clear();
                ready.AddRange(waiting);
                Socket.Select(ready, null, null, Patience);
                if (ready.Count == 0)
                    throw new OutsideException($"{_url}: no answer within {Patience.TotalSeconds:0} s");
                foreach (Socket socket in ready)
                {
                    LoadClient client = _clients[socket];
                    if (client.Read() is not { } reply)
                        continue;
                    replies[client.Asked] = reply;
                    answered(++done);
                    AskNext(client);
                }
            }
        }
        catch (SocketException problem)
        {
            throw new OutsideException($"{_url}: {problem.Message}", problem);
        }

        return replies;
    }
}
