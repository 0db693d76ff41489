using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Outerloop.Cli.Commands.Bench.Gateway;

/// <summary>One connection on which a request follows the other.</summary>
internal sealed class LoadClient : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly Uri _url;
    private readonly TimeProvider _clock;
    private byte[] _buffer = new byte[1 << 14];

    /// <exception cref="OutsideException">Nobody listens.</exception>
    public LoadClient(Uri url, TimeProvider clock)
    {
        (_url, _clock) = (url, clock);
        try
        {
            _socket.Connect(IPAddress.Parse(url.Host), url.Port);
        }
        catch (SocketException problem)
        {
            _socket.Dispose();
            throw new OutsideException($"{url}: {problem.Message}", problem);
        }
    }

    /// <summary>A request as it goes over the wire.</summary>
    public static byte[] Request(Uri url, byte[] body) =>
    [
        .. Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"POST {url.AbsolutePath} HTTP/1.1\r\nHost: {url.Authority}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n")),
        .. body,
    ];

    /// <exception cref="OutsideException">The server fails.</exception>
    public async Task<LoadReply> Ask(byte[] request, CancellationToken cancellation)
    {
        long start = _clock.GetTimestamp();
        TimeSpan first = default;
        int length = 0;
        try
        {
            await _socket.SendAsync(request, cancellation);
            do
            {
                if (length == _buffer.Length)
                    Array.Resize(ref _buffer, 2 * _buffer.Length);
                int read = await _socket.ReceiveAsync(_buffer.AsMemory(length), cancellation);
                if (read == 0)
                    throw new OutsideException($"{_url}: the server has closed the connection");
                if (length == 0)
                    first = _clock.GetElapsedTime(start); // the head comes with the first of the body
                length += read;
            }
            while (!LoadReply.IsWhole(_buffer.AsSpan(0, length)));
        }
        catch (SocketException problem)
        {
            throw new OutsideException($"{_url}: {problem.Message}", problem);
        }

        byte[] message = _buffer[..length];
        return LoadReply.IsOk(message)
            ? new LoadReply(first, _clock.GetElapsedTime(start), message)
            : throw new OutsideException($"{_url}: {Encoding.UTF8.GetString(message)}");
    }

    public void Dispose() => _socket.Dispose();
}
