using System.Text;
using Outerloop.Model.Checkpoints;
using Outerloop.Model.Tests.Checkpoints;
using Outerloop.Model.Tests.Tokenization.BytePairs;
using Outerloop.Model.Tokenization;

namespace Outerloop.Model.Tests.Tokenization;

public sealed class TokenizerConfigTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("{}", null, null)]
    [InlineData("""{"eos_token":"<|im_end|>","chat_template":"t"}""", "<|im_end|>", "t")]
    [InlineData("""{"eos_token":{"content":"</s>","special":true},"chat_template":null}""", "</s>", null)]
    [InlineData("""{"chat_template":[{"name":"tools","template":"x"},{"name":"default","template":"t"}]}""", null, "t")]
    public void The_end_of_a_text_and_the_template_are_read(string json, string? end, string? template) =>
        Assert.Equal(new TokenizerConfig(end, template), Read(json));

    [Theory]
    [InlineData("""{"eos_token":1}""", "eos_token: is a Number")]
    [InlineData("""{"eos_token":{}}""", "eos_token.content: is missing")]
    [InlineData("""{"chat_template":{}}""", "chat_template: is a Object")]
    [InlineData("""{"chat_template":[1]}""", "chat_template[0]: is not an object")]
    [InlineData("""{"chat_template":[{"name":"default"}]}""", "chat_template[0].template: is missing")]
    public void A_malformed_file_is_refused_with_the_place(string json, string expected) =>
        Assert.Contains(expected, Assert.Throws<CheckpointException>(() => Read(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_tokenizer_is_loaded_with_what_lies_beside_it()
    {
        File.WriteAllBytes(_folder["tokenizer.json"], SmallTokenizers.Bytes(SmallTokenizers.Trained));
        Assert.Null(TokenizerJson.Load(_folder["tokenizer.json"]).ChatTemplate);
        File.WriteAllText(_folder["tokenizer_config.json"], """{"eos_token":"<|im_end|>","chat_template":"old"}""");
        ITokenizer loaded = TokenizerJson.Load(_folder["tokenizer.json"]);
        Assert.Equal(("<|im_end|>", "old"), (loaded.Token(loaded.EndOfText), loaded.ChatTemplate));
        File.WriteAllText(_folder["chat_template.jinja"], "new");
        Assert.Equal("new", TokenizerJson.Load(_folder["tokenizer.json"]).ChatTemplate);
    }

    [Fact]
    public void What_is_written_reads_back()
    {
        ITokenizer tokenizer = SmallTokenizers.Read(SmallTokenizers.Bytes(SmallTokenizers.Trained), new TokenizerConfig("<|im_end|>", "{{ 'größe' }}\n"));
        using var stream = new MemoryStream();
        TokenizerConfig.Write(stream, tokenizer, 128);
        Assert.Equal(new TokenizerConfig("<|im_end|>", "{{ 'größe' }}\n"), Read(Encoding.UTF8.GetString(stream.ToArray())));
    }

    private static TokenizerConfig Read(string json)
    {
        using JsonFile file = JsonFile.Parse("tokenizer_config.json", Encoding.UTF8.GetBytes(json));
        return TokenizerConfig.Read(file);
    }
}
