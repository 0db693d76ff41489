using System.Text;
using System.Text.Json;

namespace Outerloop.Gateway.Upstreams;

/// <summary>Changes of a JSON object that leave all its other bytes as they are.</summary>
internal static class JsonSplice
{
    /// <summary>The object with another value of a member; one that it does not have stands at its beginning.</summary>
    /// <param name="json">An object. Of a member that it has twice the last counts, as for its readers.</param>
    /// <param name="name">Without what JSON would escape.</param>
    /// <param name="value">In JSON.</param>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static ReadOnlyMemory<byte> With(ReadOnlyMemory<byte> json, string name, string value)
    {
        if (Find(json.Span, name) is var (start, end))
            return Joined(json[..start], Encoding.UTF8.GetBytes(value), json[end..]);
        int inside = json.Span.IndexOf((byte)'{') + 1;
        bool isEmpty = json.Span[inside..].TrimStart(" \t\r\n"u8).StartsWith("}"u8);
        return Joined(json[..inside], Encoding.UTF8.GetBytes($"\"{name}\":{value}{(isEmpty ? "" : ",")}"), json[inside..]);
    }

    /// <summary>Where the value of a member stands; null where there is none.</summary>
    private static (int Start, int End)? Find(ReadOnlySpan<byte> json, string name)
    {
        (int, int)? found = null;
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.CurrentDepth != 1 || reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals(name))
                continue;
            reader.Read();
            int start = (int)reader.TokenStartIndex;
            reader.Skip();
            found = (start, (int)reader.BytesConsumed);
        }

        return found;
    }

    private static byte[] Joined(ReadOnlyMemory<byte> before, ReadOnlySpan<byte> between, ReadOnlyMemory<byte> after) =>
        [.. before.Span, .. between, .. after.Span];
}
