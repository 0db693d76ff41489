using System.Text.Json;

namespace Outerloop.Model.Tokenization;

/// <summary><c>tokenizer_config.json</c>: what transformers needs beside <c>tokenizer.json</c> to choose its class.</summary>
internal static class TokenizerConfig
{
    public const string FileName = "tokenizer_config.json";

    public static void Write(Stream stream, ITokenizer tokenizer, int maxPositions)
    {
        string end = tokenizer.Token(tokenizer.EndOfText);
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" });
        json.WriteStartObject();
        json.WriteString("tokenizer_class", "PreTrainedTokenizerFast");
        json.WriteString("eos_token", end);
        json.WriteString("pad_token", end);
        json.WriteNumber("model_max_length", maxPositions);
        json.WriteBoolean("clean_up_tokenization_spaces", false);
        json.WriteEndObject();
    }
}
