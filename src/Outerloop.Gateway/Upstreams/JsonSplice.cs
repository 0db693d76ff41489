using System.Text;
using System.Text.Json;

namespace Outerloop.Gateway.Upstreams;

/// <summary>Changes of a JSON object that leave all its other bytes as they are.</summary>
internal static class JsonSplice
{
    /// <summary>The object with another text as its <c>id</c>; as it is where it has none.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static ReadOnlyMemory<byte> WithId(ReadOnlyMemory<byte> json, string id)
    {
        var reader = new Utf8JsonReader(json.Span);
        while (reader.Read())
        {
            if (reader.CurrentDepth != 1 || reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("id"u8))
                continue;
            reader.Read();
            int start = (int)reader.TokenStartIndex;
            return reader.TokenType == JsonTokenType.String
                ? Joined(json[..start], Encoding.UTF8.GetBytes($"\"{JsonEncodedText.Encode(id)}\""), json[(int)reader.BytesConsumed..])
                : json;
        }

        return json;
    }

    /// <summary>The object with further members, <c>"name":value,…</c>, at its beginning.</summary>
    public static ReadOnlyMemory<byte> With(ReadOnlyMemory<byte> json, string members)
    {
        int start = json.Span.IndexOf((byte)'{') + 1;
        return Joined(json[..start], Encoding.UTF8.GetBytes(members + ","), json[start..]);
    }

    private static byte[] Joined(ReadOnlyMemory<byte> before, ReadOnlySpan<byte> between, ReadOnlyMemory<byte> after) =>
        [.. before.Span, .. between, .. after.Span];
}
