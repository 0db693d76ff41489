using System.Text;
using Outerloop.Planning.Pddl;

namespace Outerloop.Planning.Tests.Pddl;

public sealed class SourceFileTests : IDisposable
{
    private readonly string path = Path.GetTempFileName();

    public void Dispose() => File.Delete(path);

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    public void A_text_is_read_in_the_encoding_that_its_mark_names(string encoding)
    {
        File.WriteAllText(path, "(é)", Encoding.GetEncoding(encoding));
        Assert.Equal("(é)", SourceFile.Read(path).Required().Text.TrimStart('\uFEFF'));
    }

    [Fact]
    public void Bytes_that_are_not_utf8_become_the_replacement_character()
    {
        File.WriteAllBytes(path, [(byte)'(', 0xFF, 0xC0, (byte)')']);
        Assert.Equal("(\uFFFD\uFFFD)", SourceFile.Read(path).Required().Text);
    }

    [Fact]
    public void A_missing_file_and_a_folder_and_an_impossible_name_are_located_errors()
    {
        foreach (var name in new[] { path + ".missing", Path.GetTempPath(), "a\0b", "" })
        {
            var error = Assert.Single(SourceFile.Read(name).Errors);
            Assert.Equal((name, SourceFile.Unreadable), (error.File, error.Code));
        }
    }

    [Fact]
    public void A_file_without_end_is_refused()
    {
        if (File.Exists("/dev/zero"))
            Assert.Equal("too-large", Assert.Single(SourceFile.Read("/dev/zero").Errors).Code);
    }
}
