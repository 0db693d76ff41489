using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Outerloop.Model.Checkpoints;
using Outerloop.Model.Tokenization;

namespace Outerloop.Model.Tests.Tokenization;

public sealed class WordTokenizerTests
{
    private static readonly WordTokenizer Blocks = new(["on", "(", ")", "b1", "größe", "\"q\"", "\\"], ["<|plan|>", "<|plan|>x"]);

    [Property]
    public Property Decoding_undoes_encoding_up_to_white_space() => Prop.ForAll(
        Gen.Choose(0, Blocks.VocabularySize - 1).ArrayOf().ToArbitrary(),
        Gen.Elements(" ", "\n", " \t ", "\u2003", "\r\n").ToArbitrary(),
        (ids, space) =>
        {
            string text = string.Join(space, ids.Select(Blocks.Token));
            return Blocks.Encode(text).SequenceEqual(ids) && Blocks.Encode(Blocks.Decode(ids)).SequenceEqual(ids);
        });

    [Property]
    public Property Decoding_token_by_token_gives_the_same_text() => Prop.ForAll(
        Gen.Choose(0, Blocks.VocabularySize - 1).ArrayOf().ToArbitrary(),
        ids =>
        {
            StreamingDecoder decoder = Blocks.StartDecoding();
            return string.Concat(ids.Select(decoder.Append)) + decoder.Finish() == Blocks.Decode(ids);
        });

    [Fact]
    public void Special_tokens_come_first_and_end_of_text_is_zero()
    {
        Assert.Equal(0, Blocks.EndOfText);
        Assert.Equal("<|endoftext|>", Blocks.Token(0));
        Assert.Equal("<|plan|>", Blocks.Token(1));
        Assert.True(Blocks.IsSpecial(2));
        Assert.False(Blocks.IsSpecial(3));
        Assert.Equal(3, ((ITokenizer)Blocks).TokenId("on"));
        Assert.Equal(10, Blocks.VocabularySize);
    }

    [Fact]
    public void A_special_token_is_found_inside_a_word_and_the_longest_wins() =>
        Assert.Equal([3, 1, 6, 2, 3, 0], Blocks.Encode("on<|plan|>b1<|plan|>xon<|endoftext|>"));

    [Fact]
    public void An_unknown_word_is_named_with_its_place()
    {
        UnknownTokenException refusal = Assert.Throws<UnknownTokenException>(() => Blocks.Encode("on  b2 )"));
        Assert.Equal(("b2", 4), (refusal.Word, refusal.Position));
        Assert.False(Blocks.TryEncode("on  b2 )", out int[] ids));
        Assert.Empty(ids);
        Assert.Throws<UnknownTokenException>(() => ((ITokenizer)Blocks).TokenId("b2"));
        Assert.Throws<ArgumentOutOfRangeException>(() => Blocks.Decode([10]));
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("")]
    [InlineData("on")]
    [InlineData("x<|endoftext|>")]
    [InlineData("<|endoftext|>")]
    public void A_vocabulary_that_could_not_be_read_back_is_refused(string word) =>
        Assert.Throws<ArgumentException>(() => new WordTokenizer(["on", word]));

    [Fact]
    public void The_file_reads_back_to_the_same_tokenizer_and_the_same_bytes()
    {
        byte[] bytes = Bytes(Blocks);
        var read = (WordTokenizer)Read(bytes);
        Assert.Equal(Blocks.Tokens.AsEnumerable(), read.Tokens);
        Assert.Equal(Enumerable.Range(0, 10).Select(Blocks.IsSpecial), Enumerable.Range(0, 10).Select(read.IsSpecial));
        Assert.Equal(bytes, Bytes(read));
    }

    [Fact]
    public void The_file_is_a_word_level_model_with_white_space_split()
    {
        using var json = JsonDocument.Parse(Bytes(Blocks));
        JsonElement root = json.RootElement;
        Assert.Equal("1.0", root.GetProperty("version").GetString());
        Assert.Equal("WordLevel", root.GetProperty("model").GetProperty("type").GetString());
        Assert.Equal(3, root.GetProperty("model").GetProperty("vocab").GetProperty("on").GetInt32());
        Assert.Equal("WhitespaceSplit", root.GetProperty("pre_tokenizer").GetProperty("type").GetString());
        Assert.Equal(3, root.GetProperty("added_tokens").GetArrayLength());
        Assert.True(root.GetProperty("added_tokens")[0].GetProperty("special").GetBoolean());
    }

    [Theory]
    [InlineData("model.type", "\"Unigram\"", "model.type: is 'Unigram'")]
    [InlineData("model.type", "3", "model.type: is a Number")]
    [InlineData("model.vocab", "[]", "model.vocab: is a Array")]
    [InlineData("model.vocab.on", "-1", "model.vocab.on: is -1")]
    [InlineData("model.vocab.on", "1e99", "model.vocab.on: is not a whole number")]
    [InlineData("model.vocab.on", "2000000000", "model.vocab.on: id 2000000000 leaves a gap")]
    [InlineData("model.vocab.on", "4", "id 4 is 'on' already")]
    [InlineData("model.vocab.on", "10", "no token has id 3")]
    [InlineData("model.vocab.two words", "10", "holds white space")]
    [InlineData("pre_tokenizer.type", "\"Whitespace\"", "pre_tokenizer.type: is 'Whitespace'")]
    [InlineData("pre_tokenizer", "null", "pre_tokenizer: is missing")]
    [InlineData("normalizer", """{"type":"NFC"}""", "normalizer: is set")]
    [InlineData("added_tokens", "{}", "added_tokens: is not a list")]
    [InlineData("added_tokens", "[]", "no special token <|endoftext|>")]
    [InlineData("added_tokens", "[7]", "added_tokens[0]: is not an object")]
    [InlineData("added_tokens", """[{"id":0}]""", "added_tokens[0].content: is missing")]
    [InlineData("added_tokens", """[{"id":0,"content":"other"}]""", "id 0 is '<|endoftext|>' already")]
    [InlineData("model", "null", "model: is missing")]
    public void A_malformed_file_is_refused_with_the_place(string place, string value, string expected)
    {
        JsonNode root = JsonNode.Parse(Bytes(Blocks))!;
        string[] parts = place.Split('.');
        JsonNode parent = parts[..^1].Aggregate(root, (node, part) => node[part]!);
        parent[parts[^1]] = JsonNode.Parse(value);
        CheckpointException refusal = Assert.Throws<CheckpointException>(() => Read(Encoding.UTF8.GetBytes(root.ToJsonString())));
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
        Assert.StartsWith("tokenizer.json: ", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\n \"a\": }", "line 2, column 7")]
    [InlineData("{\"a\":1,\"a\":2}", "not valid JSON")]
    [InlineData("[]", "not a JSON object")]
    [InlineData("", "not valid JSON")]
    public void Text_that_is_not_json_is_refused_with_line_and_column(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<CheckpointException>(() => Read(Encoding.UTF8.GetBytes(text))).Message, StringComparison.Ordinal);

    [Property(MaxTest = 300)]
    public bool A_damaged_file_is_read_or_refused_and_nothing_else(int position, byte value)
    {
        byte[] bytes = Bytes(Blocks);
        bytes[(int)((uint)position % bytes.Length)] = value;
        try
        {
            return Read(bytes).VocabularySize > 0;
        }
        catch (CheckpointException)
        {
            return true;
        }
    }

    private static byte[] Bytes(WordTokenizer tokenizer)
    {
        using var stream = new MemoryStream();
        tokenizer.Write(stream);
        return stream.ToArray();
    }

    private static ITokenizer Read(byte[] bytes)
    {
        using JsonFile file = JsonFile.Parse("tokenizer.json", bytes);
        return TokenizerJson.Read(file);
    }
}
