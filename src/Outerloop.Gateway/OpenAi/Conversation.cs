using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Outerloop.Model.Tokenization.Chat;

namespace Outerloop.Gateway.OpenAi;

/// <summary>The <c>messages</c> of a request.</summary>
internal static class Conversation
{
    private const int MostMessages = 1000;

    /// <exception cref="ApiException">They are none, or hold what is no text.</exception>
    public static ImmutableArray<ChatMessage> Read(RequestBody body)
    {
        JsonElement messages = body.Member("messages") ?? throw ApiException.Wrong("messages", "is missing");
        if (messages.ValueKind != JsonValueKind.Array || messages.GetArrayLength() is < 1 or > MostMessages)
            throw ApiException.Wrong("messages", $"must be an array of 1 to {MostMessages} messages");
        return [.. messages.EnumerateArray().Select((message, i) => ReadMessage(message, $"messages[{i}]"))];
    }

    private static ChatMessage ReadMessage(JsonElement message, string place)
    {
        if (message.ValueKind != JsonValueKind.Object)
            throw ApiException.Wrong(place, "must be an object");
        JsonElement role = RequestBody.Member(message, "role") ?? throw ApiException.Wrong($"{place}.role", "is missing");
        JsonElement content = RequestBody.Member(message, "content") ?? throw ApiException.Wrong($"{place}.content", "is missing");
        return new ChatMessage(RoleOf(RequestBody.TextOf(role, $"{place}.role"), place), ContentOf(content, $"{place}.content"));
    }

    private static ChatRole RoleOf(string name, string place) => name switch
    {
        "system" or "developer" => ChatRole.System,
        "user" => ChatRole.User,
        "assistant" => ChatRole.Assistant,
        _ => throw ApiException.Wrong($"{place}.role", "must be system, developer, user or assistant"),
    };

    /// <summary>A string, or parts of which each is text.</summary>
    private static string ContentOf(JsonElement content, string place)
    {
        if (content.ValueKind != JsonValueKind.Array)
            return RequestBody.TextOf(content, place);
        var text = new StringBuilder();
        foreach (JsonElement part in content.EnumerateArray())
        {
            bool isText = part.ValueKind == JsonValueKind.Object && RequestBody.Member(part, "type") is { ValueKind: JsonValueKind.String } type && type.ValueEquals("text");
            if (!isText || RequestBody.Member(part, "text") is not { } words)
                throw ApiException.Wrong(place, "must be a string or parts of the type 'text'");
            text.Append(RequestBody.TextOf(words, place));
        }

        return text.ToString();
    }
}
