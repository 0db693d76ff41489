using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Outerloop.Cli.Commands.Bench.Gateway;

/// <summary>One connection on which a request follows the other.</summary>
internal sealed class LoadClient : IDisposable
{
    private readonly Uri _url;
    private readonly TimeProvider _clock;
    private byte[] _buffer = new byte[1 << 14];
    private int _length;
    private long _start;
    private TimeSpan _first;

    /// <exception cref="OutsideException">Nobody listens.</exception>
    public LoadClient(Uri url, TimeProvider clock)
    {
        (_url, _clock) = (url, clock);
        try
        {
            Socket.Connect(IPAddress.Parse(url.Host), url.Port);
        }
        catch (SocketException problem)
        {
            Socket.Dispose();
            throw new OutsideException($"{url}: {problem.Message}", problem);
        }
    }

    public Socket Socket { get; } = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    /// <summary>Which of the requests was sent last.</summary>
    public int Asked { get; private set; }

    /// <summary>A request as it goes over the wire.</summary>
    public static byte[] Request(Uri url, byte[] body) =>
    [
        .. Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"POST {url.AbsolutePath} HTTP/1.1\r\nHost: {url.Authority}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n")),
        .. body,
    ];

    /// <summary>Sends a request when the reply to the last one is read.</summary>
    /// <exception cref="SocketException">The server has gone.</exception>
    public void Ask(int number, byte[] request)
    {
        (Asked, _length, _start) = (number, 0, _clock.GetTimestamp());
        Socket.Send(request);
    }

    /// <summary>Reads what has come.</summary>
    /// <returns>The reply, if it is whole with it.</returns>
    /// <exception cref="OutsideException">The server has failed.</exception>
    /// <exception cref="SocketException">It has gone.</exception>
    public LoadReply? Read()
    {
        if (_length == _buffer.Length)
            Array.Resize(ref _buffer, 2 * _buffer.Length);
        int read = Socket.Receive(_buffer.AsSpan(_length));
        if (read == 0)
            throw new OutsideException($"{_url}: the server has closed the connection");
        if (_length == 0)
            _first = _clock.GetElapsedTime(_start); // the head comes with the first of the body
        _length += read;
        if (!LoadReply.IsWhole(_buffer.AsSpan(0, _length)))
            return null;
        byte[] message = _buffer[.._length];
        return LoadReply.IsOk(message)
            ? new LoadReply(_first, _clock.GetElapsedTime(_start), message)
            : throw new OutsideException($"{_url}: {Encoding.UTF8.GetString(message)}");
    }

    public void Dispose() => Socket.Dispose();
}
