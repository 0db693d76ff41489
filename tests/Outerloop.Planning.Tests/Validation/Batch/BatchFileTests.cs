using Outerloop.Planning.Validation;

namespace Outerloop.Planning.Tests.Validation.Batch;

public sealed class BatchFileTests
{
    [Fact]
    public void Paths_are_relative_to_the_folder_of_the_batch()
    {
        var row = Assert.Single(BatchFile.Rows(["d\t/p\ta/b"], "x.tsv", "/folder"));
        Assert.Equal(new BatchRow("a/b", "/folder/d", "/p", "/folder/a/b"), row);
    }

    [Fact]
    public void A_first_line_that_names_the_columns_is_no_row() =>
        Assert.Equal(["c", "plan"], BatchFile.Rows(["\uFEFFDomain\tproblem\tplan\ttruth", "a\tb\tc", "domain\tproblem\tplan"], "x.tsv", "").Select(r => r.Name));

    [Theory]
    [InlineData("a\tb")]
    [InlineData("a b c")]
    [InlineData("a\t\tc")]
    public void A_line_without_three_columns_is_a_row_at_fault_with_its_place(string line) =>
        Assert.StartsWith("x.tsv:2: ", Assert.Single(BatchFile.Rows(["", line], "x.tsv", "")).Fault);
}
