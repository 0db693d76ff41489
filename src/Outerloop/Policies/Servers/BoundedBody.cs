using System.ClientModel.Primitives;

namespace Outerloop.Policies.Servers;

/// <summary>Reads a body no longer than an answer can be.</summary>
internal static class BoundedBody
{
    /// <exception cref="UnusableReplyException">It is longer.</exception>
    public static async Task<ReadOnlyMemory<byte>> Read(PipelineResponse response, long longest, CancellationToken cancellation)
    {
        if (response.ContentStream is not { } stream)
            return ReadOnlyMemory<byte>.Empty;
        byte[] buffer = new byte[4096];
        int length = 0;
        while (await stream.ReadAsync(buffer.AsMemory(length), cancellation) is var read and > 0)
        {
            length += read;
            if (length > longest)
                throw new UnusableReplyException($"a body of more than {longest} bytes, longer than the answer can be");
            if (length == buffer.Length)
                Array.Resize(ref buffer, buffer.Length * 2);
        }

        return buffer.AsMemory(0, length);
    }
}
