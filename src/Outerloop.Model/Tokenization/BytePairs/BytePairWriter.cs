using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Outerloop.Model.Tokenization.BytePairs;

/// <summary>Writes a <c>tokenizer.json</c> that Hugging Face's tokenizers library reads as the same tokenizer.</summary>
internal static class BytePairWriter
{
    public static void Write(Stream stream, BytePairVocabulary vocabulary)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteString("version", "1.0");
        json.WriteNull("truncation");
        json.WriteNull("padding");
        WriteAdded(json, vocabulary.Added);
        json.WritePropertyName("normalizer");
        if (vocabulary.Composes)
            WriteTyped(json, "NFC", null);
        else
            json.WriteNullValue();
        WriteSplitting(json, vocabulary.Pattern);
        WritePostProcessor(json, vocabulary);
        json.WritePropertyName("decoder");
        WriteByteLevel(json);
        WriteModel(json, vocabulary);
        json.WriteEndObject();
    }

    private static void WriteAdded(Utf8JsonWriter json, ImmutableArray<AddedToken> added)
    {
        json.WriteStartArray("added_tokens");
        foreach (AddedToken token in added)
        {
            json.WriteStartObject();
            json.WriteNumber("id", token.Id);
            json.WriteString("content", token.Content);
            json.WriteBoolean("single_word", token.SingleWord);
            json.WriteBoolean("lstrip", token.StripsLeft);
            json.WriteBoolean("rstrip", token.StripsRight);
            json.WriteBoolean("normalized", token.Normalized);
            json.WriteBoolean("special", token.Special);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteSplitting(Utf8JsonWriter json, WordPattern pattern)
    {
        json.WritePropertyName("pre_tokenizer");
        WriteTyped(json, "Sequence", () =>
        {
            json.WriteStartArray("pretokenizers");
            WriteTyped(json, "Split", () => WriteExpression(json, pattern));
            WriteByteLevel(json);
            json.WriteEndArray();
        });
    }

    private static void WriteExpression(Utf8JsonWriter json, WordPattern pattern)
    {
        json.WriteStartObject("pattern");
        json.WriteString("Regex", pattern.Expression);
        json.WriteEndObject();
        json.WriteString("behavior", "Isolated");
        json.WriteBoolean("invert", false);
    }

    private static void WritePostProcessor(Utf8JsonWriter json, BytePairVocabulary vocabulary)
    {
        json.WritePropertyName("post_processor");
        if (vocabulary.Prefix.IsEmpty && vocabulary.Suffix.IsEmpty)
        {
            WriteByteLevel(json);
            return;
        }

        WriteTyped(json, "TemplateProcessing", () =>
        {
            WriteTemplate(json, "single", vocabulary, texts: ["A"]);
            WriteTemplate(json, "pair", vocabulary, texts: ["A", "B"]);
            json.WriteStartObject("special_tokens");
            foreach (int id in vocabulary.Prefix.Concat(vocabulary.Suffix).Distinct())
                WriteSpecial(json, id, vocabulary.Tokens[id]);
            json.WriteEndObject();
        });
    }

    private static void WriteTemplate(Utf8JsonWriter json, string name, BytePairVocabulary vocabulary, string[] texts)
    {
        json.WriteStartArray(name);
        foreach ((int type, string text) in texts.Index())
        {
            foreach (int id in vocabulary.Prefix)
                WritePiece(json, "SpecialToken", vocabulary.Tokens[id], type);
            WritePiece(json, "Sequence", text, type);
            foreach (int id in vocabulary.Suffix)
                WritePiece(json, "SpecialToken", vocabulary.Tokens[id], type);
        }

        json.WriteEndArray();
    }

    private static void WritePiece(Utf8JsonWriter json, string kind, string id, int type)
    {
        json.WriteStartObject();
        json.WriteStartObject(kind);
        json.WriteString("id", id);
        json.WriteNumber("type_id", type);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteSpecial(Utf8JsonWriter json, int id, string token)
    {
        json.WriteStartObject(token);
        json.WriteString("id", token);
        json.WriteStartArray("ids");
        json.WriteNumberValue(id);
        json.WriteEndArray();
        json.WriteStartArray("tokens");
        json.WriteStringValue(token);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteModel(Utf8JsonWriter json, BytePairVocabulary vocabulary)
    {
        json.WriteStartObject("model");
        json.WriteString("type", "BPE");
        foreach (string absent in (string[])["dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix"])
            json.WriteNull(absent);
        json.WriteBoolean("fuse_unk", false);
        json.WriteBoolean("byte_fallback", false);
        json.WriteBoolean("ignore_merges", vocabulary.IgnoresMerges);
        json.WriteStartObject("vocab");
        int size = vocabulary.ModelSize;
        for (int id = 0; id < size; id++)
            json.WriteNumber(vocabulary.Tokens[id], id);
        json.WriteEndObject();
        json.WriteStartArray("merges");
        foreach (Merge merge in vocabulary.Merges)
        {
            json.WriteStartArray();
            json.WriteStringValue(vocabulary.Tokens[merge.Pair.Left]);
            json.WriteStringValue(vocabulary.Tokens[merge.Pair.Right]);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteByteLevel(Utf8JsonWriter json) => WriteTyped(json, "ByteLevel", () =>
    {
        json.WriteBoolean("add_prefix_space", false);
        json.WriteBoolean("trim_offsets", false);
        json.WriteBoolean("use_regex", false);
    });

    private static void WriteTyped(Utf8JsonWriter json, string type, Action? fields)
    {
        json.WriteStartObject();
        json.WriteString("type", type);
        fields?.Invoke();
        json.WriteEndObject();
    }
}
