using System.Net;
using System.Net.Sockets;

namespace Outerloop.Gateway.Tests.Upstreams;

/// <summary>A port whose connections come about for nobody, as those of a machine that is gone: all places before it are taken.</summary>
internal sealed class SilentListener : IDisposable
{
    private const int Waiting = 8;

    private readonly Socket _listener = Tcp();
    private readonly List<Socket> _waiting = [];

    public SilentListener()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(0);
        for (int i = 0; i < Waiting; i++)
        {
            Socket waits = Tcp();
            waits.Blocking = false;
            _waiting.Add(waits);
            try
            {
                waits.Connect(_listener.LocalEndPoint!);
            }
            catch (SocketException problem) when (problem.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
            {
                // It waits, for ever.
            }
        }
    }

    public Uri Url => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}/v1");

    public void Dispose()
    {
        foreach (Socket socket in _waiting.Append(_listener))
            socket.Dispose();
    }

    private static Socket Tcp() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
}
