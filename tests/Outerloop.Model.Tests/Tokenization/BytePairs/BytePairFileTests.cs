using System.Text;
using System.Text.Json.Nodes;
using FsCheck.Xunit;
using Outerloop.Model.Checkpoints;
using Outerloop.Model.Tests.Checkpoints;
using Outerloop.Model.Tokenization;
using Outerloop.Model.Tokenization.BytePairs;

namespace Outerloop.Model.Tests.Tokenization.BytePairs;

public sealed class BytePairFileTests
{
    private static readonly byte[] Written = SmallTokenizers.Bytes(SmallTokenizers.Trained);

    [Fact]
    public void Every_field_survives_writing_and_reading()
    {
        BytePairTokenizer tokenizer = SmallTokenizers.With(
            [
                new AddedToken(0, "<l>") { StripsLeft = true },
                new AddedToken(0, "<r> \u00E9") { StripsRight = true, Normalized = true },
                new AddedToken(0, "word") { SingleWord = true, Special = true },
            ],
            vocabulary => vocabulary with
            {
                Pattern = WordPattern.Gpt2,
                Composes = false,
                IgnoresMerges = true,
                Prefix = [vocabulary.EndOfText],
                Suffix = [vocabulary.EndOfText + 1, vocabulary.EndOfText + 2],
            });
        BytePairVocabulary expected = tokenizer.Vocabulary;
        BytePairVocabulary read = ((BytePairTokenizer)SmallTokenizers.Read(SmallTokenizers.Bytes(tokenizer))).Vocabulary;
        Assert.Equal(expected.Tokens.AsEnumerable(), read.Tokens);
        Assert.Equal(expected.Merges.AsEnumerable(), read.Merges);
        Assert.Equal(expected.Added.AsEnumerable(), read.Added);
        Assert.Equal(expected.Prefix.AsEnumerable(), read.Prefix);
        Assert.Equal(expected.Suffix.AsEnumerable(), read.Suffix);
        Assert.Equal(
            (expected.Pattern, expected.Composes, expected.IgnoresMerges, expected.EndOfText),
            (read.Pattern, read.Composes, read.IgnoresMerges, read.EndOfText));
    }

    [Fact]
    public void The_prefix_and_the_suffix_stand_around_every_text()
    {
        BytePairTokenizer tokenizer = SmallTokenizers.With([], vocabulary => vocabulary with { Prefix = [7], Suffix = [8, 9] });
        Assert.Equal([7, 8, 9], tokenizer.Encode(""));
        Assert.Equal([7, 64, 8, 9], tokenizer.Encode("a"));
    }

    [Fact]
    public void Merges_may_be_written_as_one_string_each()
    {
        JsonNode root = JsonNode.Parse(Written)!;
        JsonArray merges = root["model"]!["merges"]!.AsArray();
        root["model"]!["merges"] = new JsonArray([.. merges.Select(pair => (JsonNode)$"{pair![0]} {pair[1]}")]);
        Assert.Equal(SmallTokenizers.Trained.Vocabulary.Merges.AsEnumerable(), ((BytePairTokenizer)SmallTokenizers.Read(root.ToJsonString())).Vocabulary.Merges);
    }

    [Fact]
    public void A_byte_level_with_its_own_expression_is_Gpt2s()
    {
        string json = Edited("pre_tokenizer", """{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true}""");
        Assert.Same(WordPattern.Gpt2, ((BytePairTokenizer)SmallTokenizers.Read(json)).Vocabulary.Pattern);
    }

    [Fact]
    public void The_end_of_a_text_is_the_one_that_the_configuration_names()
    {
        var tokenizer = (BytePairTokenizer)SmallTokenizers.Read(Written, new TokenizerConfig("<|im_end|>", "template"));
        Assert.Equal("<|im_end|>", tokenizer.Token(tokenizer.EndOfText));
        Assert.Equal("template", tokenizer.ChatTemplate);
        CheckpointException refusal = Assert.Throws<CheckpointException>(() => SmallTokenizers.Read(Written, new TokenizerConfig("<eos>", null)));
        Assert.Contains("added_tokens: there is no token <eos>", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.byte_fallback", "true", "model.byte_fallback: is true")]
    [InlineData("model.byte_fallback", "1", "model.byte_fallback: is neither true nor false")]
    [InlineData("model.end_of_word_suffix", "\"</w>\"", "model.end_of_word_suffix: is set")]
    [InlineData("model.dropout", "0.1", "model.dropout: is set")]
    [InlineData("model.dropout", "\"\"", "model.dropout: is set")]
    [InlineData("model.merges", "null", "model.merges: is missing")]
    [InlineData("model.merges", "[\"a zzz\"]", "model.merges[0]: 'zzz' is not in the vocabulary")]
    [InlineData("model.merges", "[\"z z\"]", "model.merges[0]: 'zz' is not in the vocabulary")]
    [InlineData("model.merges", "[[\"t\",\"h\"],[\"t\",\"h\"]]", "model.merges[1]: merges 't' and 'h' as model.merges[0] does")]
    [InlineData("model.merges", "[\"ab\"]", "model.merges[0]: is not a pair")]
    [InlineData("model.merges", "[\"a b c\"]", "model.merges[0]: is not a pair")]
    [InlineData("model.merges", "[\"a \"]", "model.merges[0]: is not a pair")]
    [InlineData("model.merges", "[[\"a\"]]", "model.merges[0]: is not a pair")]
    [InlineData("model.merges", "[[\"a\",1]]", "model.merges[0]: is a Number")]
    [InlineData("model.merges", "[7]", "model.merges[0]: is a Number")]
    [InlineData("model.vocab.a", "-1", "model.vocab.a: is -1")]
    [InlineData("model.vocab.a", "65", "id 65 is 'a' already")]
    [InlineData("model.vocab.a", "100000", "id 100000 leaves a gap")]
    [InlineData("model.vocab.a", "64.5", "is not a whole number")]
    [InlineData("model.vocab", "{}", "leaves a gap")]
    [InlineData("normalizer", """{"type":"Lowercase"}""", "normalizer.type: is 'Lowercase'")]
    [InlineData("normalizer", """{"type":"Sequence","normalizers":[{"type":"NFC"},{"type":"NFKC"}]}""", "normalizer.normalizers[1].type: is 'NFKC'")]
    [InlineData("normalizer", """{"type":"Sequence"}""", "normalizer.normalizers: is missing")]
    [InlineData("normalizer", """{"type":"Sequence","normalizers":[1]}""", "normalizer.normalizers[0]: is not an object")]
    [InlineData("pre_tokenizer", "null", "pre_tokenizer: is missing")]
    [InlineData("pre_tokenizer", """{"type":"Metaspace"}""", "pre_tokenizer.type: is 'Metaspace'")]
    [InlineData("pre_tokenizer", """{"type":"ByteLevel","use_regex":false}""", "pre_tokenizer.use_regex: leaves the text unsplit")]
    [InlineData("pre_tokenizer", """{"type":"ByteLevel","add_prefix_space":true}""", "pre_tokenizer.add_prefix_space: is true")]
    [InlineData("pre_tokenizer", """{"type":"Sequence","pretokenizers":[]}""", "pre_tokenizer: has no ByteLevel")]
    [InlineData("pre_tokenizer", """{"type":"Sequence","pretokenizers":[{"type":"ByteLevel"},{"type":"ByteLevel"}]}""", "pretokenizers[1].use_regex: splits a second time")]
    [InlineData("pre_tokenizer.pretokenizers.0.pattern.Regex", "\"\\\\w+\"", "pretokenizers[0].pattern.Regex: is none of the known expressions")]
    [InlineData("pre_tokenizer.pretokenizers.0.pattern", """{"String":" "}""", "pretokenizers[0].pattern.Regex: is missing")]
    [InlineData("pre_tokenizer.pretokenizers.0.behavior", "\"Removed\"", "behavior: is 'Removed'")]
    [InlineData("pre_tokenizer.pretokenizers.0.invert", "true", "invert: is true")]
    [InlineData("pre_tokenizer.pretokenizers.1.use_regex", "true", "use_regex: splits a second time")]
    [InlineData("decoder", "null", "decoder: is missing")]
    [InlineData("decoder", """{"type":"WordPiece"}""", "decoder.type: is 'WordPiece'")]
    [InlineData("post_processor", """{"type":"BertProcessing"}""", "post_processor.type: is 'BertProcessing'")]
    [InlineData("post_processor", """{"type":"TemplateProcessing","single":[]}""", "post_processor.single: leaves the text out")]
    [InlineData("post_processor", """{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"b"}}],"special_tokens":{}}""", "post_processor.special_tokens.b: is missing")]
    [InlineData("post_processor", """{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"b"}}],"special_tokens":{"b":{"ids":[99999]}}}""", "special_tokens.b.ids: there is no token 99999")]
    [InlineData("post_processor", """{"type":"TemplateProcessing","single":[{"Sequence":{"id":"A"}},{"Sequence":{"id":"A"}}]}""", "post_processor.single[1]: repeats the text")]
    [InlineData("added_tokens.0.content", "\"\"", "added_tokens[0].content: is empty")]
    [InlineData("added_tokens.0.content", "\"th\"", "'th' has two ids")]
    [InlineData("added_tokens.0.content", "\"<|im_end|>\"", "'<|im_end|>' has two ids")]
    [InlineData("added_tokens.0.id", "3", "added_tokens[0].id: id 3 is '$' already")]
    [InlineData("added_tokens.0.lstrip", "0", "added_tokens[0].lstrip: is neither true nor false")]
    [InlineData("added_tokens", "[]", "there is no token <|endoftext|>")]
    public void A_malformed_file_is_refused_with_the_place(string place, string value, string expected)
    {
        CheckpointException refusal = Assert.Throws<CheckpointException>(() => SmallTokenizers.Read(Edited(place, value)));
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
        Assert.StartsWith("tokenizer.json: ", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public void A_vocabulary_without_a_byte_is_refused()
    {
        string json = Encoding.UTF8.GetString(Written).Replace("\"\u010A\":", "\"\u2603\":", StringComparison.Ordinal).Replace("\"\u010A\"", "\"\u2603\"", StringComparison.Ordinal);
        JsonNode root = JsonNode.Parse(json)!;
        root["model"]!["merges"] = new JsonArray();
        CheckpointException refusal = Assert.Throws<CheckpointException>(() => SmallTokenizers.Read(root.ToJsonString()));
        Assert.Contains("model.vocab: byte 0x0A has no token '\u010A'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_truncated_file_is_refused_with_line_and_column()
    {
        foreach (int length in (int[])[1, Written.Length / 3, Written.Length - 2])
        {
            CheckpointException refusal = Assert.Throws<CheckpointException>(() => SmallTokenizers.Read(Written[..length]));
            Assert.Matches("^tokenizer.json: (line [0-9]+, column [0-9]+: not valid JSON|the text is not valid UTF-8)", refusal.Message);
        }
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{\"a\":")]
    public void A_file_nested_a_million_deep_is_refused(string open)
    {
        string json = string.Concat(Enumerable.Repeat(open, 1_000_000));
        Assert.Contains("line 1, column", Assert.Throws<CheckpointException>(() => SmallTokenizers.Read(json)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_UTF_8_is_refused() =>
        Assert.Contains("not valid UTF-8", Assert.Throws<CheckpointException>(() => SmallTokenizers.Read([.. Written[..^1], 0xFF])).Message, StringComparison.Ordinal);

    [Fact]
    public void A_file_far_too_large_is_refused_unread()
    {
        using var folder = new TemporaryFolder();
        using (FileStream sparse = File.Create(folder["tokenizer.json"]))
            sparse.SetLength(1L << 40);
        Assert.Contains("a tokenizer has at most", Assert.Throws<CheckpointException>(() => TokenizerJson.Load(folder["tokenizer.json"])).Message, StringComparison.Ordinal);
    }

    [Property(MaxTest = 300)]
    public bool A_damaged_file_is_read_or_refused_and_nothing_else(int position, byte value)
    {
        byte[] bytes = [.. Written];
        bytes[(int)((uint)position % bytes.Length)] = value;
        try
        {
            ITokenizer read = SmallTokenizers.Read(bytes);
            return read.Decode(read.Encode("the cat")).Contains("cat", StringComparison.Ordinal);
        }
        catch (CheckpointException)
        {
            return true;
        }
    }

    private static string Edited(string place, string value)
    {
        JsonNode root = JsonNode.Parse(Written)!;
        string[] parts = place.Split('.');
        JsonNode parent = parts[..^1].Aggregate(root, (node, part) => int.TryParse(part, out int index) ? node[index]! : node[part]!);
        parent[parts[^1]] = JsonNode.Parse(value);
        return root.ToJsonString();
    }
}
